import type { Board } from '../../src/core/plans/board.js';
import { SIDES } from '../../src/core/pairs/pair.js';
import { make, show, type Component } from './make.js';
import { dropdown, radios, slider } from './toolkit.js';
import type { Labels } from './words.js';

export interface PlanFieldsState {
  board: Board;
  moeLayers: readonly number[];
  /** How far the two sliders go; no less than what is set. */
  reach: { on: number; off: number };
  /** The sides of the list; null where there is no ranking to choose from, only what is set by hand. */
  labels: Labels | null;
}

export type Change = (part: Partial<Board>) => void;
export type Control = Component<PlanFieldsState>;

const Q_BOUNDS = [0.001, 0.01, 0.05, 0.1];

/** The side that is steered toward. */
export function direction(change: Change): Control {
  const toward = radios('Toward', SIDES, (side) => {
    change({ toward: side });
  });
  return {
    element: labelled('toward', toward.element),
    update({ board, labels }) {
      toward.update(board.toward, labels ?? { a: 'side a', b: 'side b' });
    },
  };
}

/** How many experts of the ranking are activated, or deactivated. */
export function count(which: 'on' | 'off', words: string, change: Change): Control {
  const field = slider(words, `Experts to ${words}`, (value) => {
    change({ [which]: value });
  });
  return {
    element: field.element,
    update({ board, reach }) {
      field.update(board[which], { max: reach[which] });
    },
  };
}

/** Experts with a larger q-value do not count. */
export function largestQ(change: Change): Control {
  const field = dropdown('Largest q-value', (value) => {
    change({ maxQ: value === 'any' ? null : Number(value) });
  });
  return {
    element: labelled('q-value', field.element),
    update({ board: { maxQ } }) {
      const bounds = [...new Set([...Q_BOUNDS, ...(maxQ === null ? [] : [maxQ])])].sort((x, y) => x - y);
      field.update(String(maxQ ?? 'any'), [
        { value: 'any', label: 'any' },
        ...bounds.map((bound) => ({ value: String(bound), label: `at most ${bound}` })),
      ]);
    },
  };
}

/** The first and the last layer whose experts count. */
export function layerChoice(change: Change): Control {
  let shown: PlanFieldsState | null = null;
  const moved = (end: 0 | 1) => (value: string) => {
    if (!shown) return;
    const { moeLayers } = shown;
    const range: [number, number] = [...rangeOf(shown)];
    range[end] = Number(value);
    // The end that was moved past the other takes it along.
    if (range[0] > range[1]) range[1 - end] = range[end];
    change({ layers: range[0] === moeLayers[0] && range[1] === moeLayers.at(-1) ? null : range });
  };
  const from = dropdown('First layer', moved(0));
  const to = dropdown('Last layer', moved(1));
  return {
    element: labelled('layers', from.element, ' to ', to.element),
    update(state) {
      shown = state;
      const layers = state.moeLayers.map((layer) => ({ value: String(layer), label: `L${layer}` }));
      const [first, last] = rangeOf(state);
      from.update(String(first), layers);
      to.update(String(last), layers);
    },
  };
}

/** The board's layers within the model: a range of another model may name layers that this one lacks. */
function rangeOf({ board: { layers }, moeLayers }: PlanFieldsState): [number, number] {
  const first = moeLayers.find((layer) => layer >= (layers?.[0] ?? 0)) ?? moeLayers[0]!;
  const last = moeLayers.findLast((layer) => layer <= (layers?.[1] ?? Infinity)) ?? moeLayers.at(-1)!;
  return [first, last];
}

export function mode(change: Change): Control {
  const field = dropdown('Mode', (value) => {
    change({ mode: value === 'soft' ? { kind: 'soft', strength: 1 } : { kind: 'paper' } });
  });
  return {
    element: labelled('mode', field.element),
    update({ board }) {
      field.update(board.mode.kind, [
        { value: 'paper', label: 'paper: first or last' },
        { value: 'soft', label: 'soft: by a strength' },
      ]);
    },
  };
}

/** How strongly the soft mode steers; hidden in the paper's. */
export function strength(change: Change): Control {
  const field = slider('strength', 'Strength', (value) => {
    change({ mode: { kind: 'soft', strength: value } });
  });
  return {
    element: field.element,
    update({ board }) {
      show(field.element, board.mode.kind === 'soft');
      if (board.mode.kind === 'soft') field.update(board.mode.strength, { min: 0.25, max: 10, step: 0.25 });
    },
  };
}

function labelled(label: string, ...parts: (Node | string)[]): HTMLElement {
  return make(
    'div',
    { class: 'control' },
    make('span', { class: 'label' }, label),
    make('span', { class: 'fields' }, ...parts),
  );
}
