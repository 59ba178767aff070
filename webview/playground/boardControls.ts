import type { Board } from '../../src/core/plans/board.js';
import { SIDES } from '../../src/core/pairs/pair.js';
import type { BoardView } from './boardView.js';
import { countByHand, sideLabels } from './boardWords.js';
import { make, setText, show, type Component } from '../ui/make.js';
import { button, dropdown, radios, slider } from '../ui/toolkit.js';
import { sliderReach } from './topExperts.js';
import type { Actions, Shown } from './viewState.js';

type Control = Component<BoardView>;
type Change = (change: Partial<Board>) => void;

/** What decides which experts of the ranking are switched, and how: every change is on the board at once. */
export function boardControls(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  let view: BoardView | null = null;
  const change: Change = (part) => {
    if (view) actions.setBoard({ ...view.board, ...part });
  };
  // Without a list there is no ranking to choose from: what is set by hand, and how strongly, is all.
  const ranking = [
    direction(change),
    count('on', 'activate', change),
    count('off', 'deactivate', change),
    layerRange(change),
    largestQ(change),
  ];
  const how = [mode(change), strength(change)];
  const reset = button({
    label: '',
    onClick: () => {
      change({ byHand: [] });
    },
  });
  const controls = [...ranking, ...how];
  const element = make('div', { class: 'controls' }, ...controls.map((control) => control.element), reset);
  return {
    element,
    update(shown) {
      if (view === shown.view && view) return;
      view = shown.view;
      show(element, view !== null);
      if (!view) return;
      for (const control of controls) control.update(view);
      for (const control of ranking) show(control.element, view.list !== null);
      const byHand = countByHand(view.board);
      show(reset, byHand > 0);
      setText(reset, `Reset what was set by hand (${byHand})`);
    },
  };
}

function direction(change: Change): Control {
  const toward = radios('Toward', SIDES, (side) => {
    change({ toward: side });
  });
  return {
    element: make('div', { class: 'control wide' }, make('span', { class: 'label' }, 'toward'), toward.element),
    update({ board, list }) {
      toward.update(board.toward, sideLabels(list));
    },
  };
}

function count(which: 'on' | 'off', words: string, change: Change): Control {
  const field = slider(words, `Experts to ${words}`, (value) => {
    change({ [which]: value });
  });
  return {
    element: field.element,
    update(view) {
      field.update(view.board[which], { max: sliderReach(view)[which] });
    },
  };
}

function mode(change: Change): Control {
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

function strength(change: Change): Control {
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

function layerRange(change: Change): Control {
  let shown: BoardView | null = null;
  const moved = (end: 0 | 1) => (value: string) => {
    if (!shown) return;
    const layers = shown.shape.moeLayers;
    const range: [number, number] = [...rangeOf(shown)];
    range[end] = Number(value);
    // The end that was moved past the other takes it along.
    if (range[0] > range[1]) range[1 - end] = range[end];
    change({ layers: range[0] === layers[0] && range[1] === layers.at(-1) ? null : range });
  };
  const from = dropdown('First layer', moved(0));
  const to = dropdown('Last layer', moved(1));
  return {
    element: labelled('layers', from.element, 'to', to.element),
    update(view) {
      shown = view;
      const layers = view.shape.moeLayers.map((layer) => ({ value: String(layer), label: `L${layer}` }));
      const [first, last] = rangeOf(view);
      from.update(String(first), layers);
      to.update(String(last), layers);
    },
  };
}

/** The board's layers within the model: a range of another model may name layers that this one lacks. */
function rangeOf({ board: { layers }, shape: { moeLayers } }: BoardView): [number, number] {
  const first = moeLayers.find((layer) => layer >= (layers?.[0] ?? 0)) ?? moeLayers[0]!;
  const last = moeLayers.findLast((layer) => layer <= (layers?.[1] ?? Infinity)) ?? moeLayers.at(-1)!;
  return [first, last];
}

function largestQ(change: Change): Control {
  const field = dropdown('Largest q-value', (value) => {
    change({ maxQ: value === 'any' ? null : Number(value) });
  });
  return {
    element: labelled('q-value', field.element),
    update({ board: { maxQ } }) {
      const bounds = [...new Set([0.001, 0.01, 0.05, 0.1, ...(maxQ === null ? [] : [maxQ])])].sort((x, y) => x - y);
      field.update(String(maxQ ?? 'any'), [
        { value: 'any', label: 'any' },
        ...bounds.map((bound) => ({ value: String(bound), label: `at most ${bound}` })),
      ]);
    },
  };
}

function labelled(label: string, ...parts: (Node | string)[]): HTMLElement {
  return make('div', { class: 'control' }, make('span', { class: 'label' }, label), ...parts);
}
