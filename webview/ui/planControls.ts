import type { Board } from '../../src/core/plans/board.js';
import { counted } from './figures.js';
import { make, setAttribute, setText, show, type Component } from './make.js';
import {
  count,
  direction,
  largestQ,
  layerChoice,
  mode,
  strength,
  type Change,
  type PlanFieldsState,
} from './planFields.js';
import { button } from './toolkit.js';

/**
 * Toward which side, how many experts, which of them count, and how they are steered. Every change is a whole board. In a
 * narrow place the filter and the mode fold behind a button that says what they are.
 */
export function planControls(
  onChange: (board: Board) => void,
  folding: { open: boolean; keep(open: boolean): void },
): Component<PlanFieldsState> {
  let board: Board | null = null;
  const change: Change = (part) => {
    if (board) onChange({ ...board, ...part });
  };
  const first = [direction(change), count('on', 'activate', change), count('off', 'deactivate', change)];
  const filter = [largestQ(change), layerChoice(change)];
  const how = [mode(change), strength(change)];
  const all = [...first, ...filter, ...how];
  const more = make('div', { class: 'more-controls' }, ...[...filter, ...how].map(({ element }) => element));
  const fold = make('button', { type: 'button', class: 'plain fold-controls' });
  const foldMore = (open: boolean): void => {
    more.classList.toggle('open', open);
    setAttribute(fold, 'aria-expanded', String(open));
  };
  foldMore(folding.open);
  fold.addEventListener('click', () => {
    const open = !more.classList.contains('open');
    foldMore(open);
    say();
    folding.keep(open);
  });
  const say = (): void => {
    if (board) setText(fold, `${more.classList.contains('open') ? '▾' : '▸'} ${filterWords(board)}`);
  };
  const byHandWords = make('span', { class: 'dim' });
  const reset = button({
    label: 'Reset',
    name: 'Reset what was set by hand',
    onClick: () => {
      change({ byHand: [] });
    },
  });
  const byHand = make('div', { class: 'control by-hand' }, byHandWords, reset);
  const controls = make('div', { class: 'controls' }, ...first.map(({ element }) => element), fold, more, byHand);
  return {
    element: make('section', { class: 'plan-controls', 'aria-label': 'Plan' }, controls),
    update(state) {
      ({ board } = state);
      for (const control of all) control.update(state);
      for (const { element } of [...first, ...filter]) show(element, state.labels !== null);
      show(byHand, board.byHand.length > 0);
      setText(byHandWords, `${counted(board.byHand.length, 'expert')} set by hand`);
      say();
    },
  };
}

/** What is folded away, in words: "all layers, any q, paper". */
function filterWords({ layers, maxQ, mode }: Board): string {
  const where = layers ? `layers ${layers[0]} to ${layers[1]}` : 'all layers';
  const how = mode.kind === 'soft' ? `soft ${mode.strength}` : 'paper';
  return `${where}, ${maxQ === null ? 'any q' : `q ≤ ${maxQ}`}, ${how}`;
}
