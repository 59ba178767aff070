import type { Board } from '../../src/core/plans/board.js';
import { counted, expertName } from '../ui/figures.js';
import { make, setText, show, type Component } from '../ui/make.js';
import { button, dropdown, radios, slider } from '../ui/toolkit.js';
import type { ListView } from './listView.js';

const Q_BOUNDS = [0.001, 0.01, 0.05, 0.1];

/** Toward which side, how many experts, which ones count, and how they are steered. Every change is a new board. */
export function boardControls(onChange: (board: Board) => void): Component<ListView> {
  let board: Board | null = null;
  const change = (part: Partial<Board>): void => {
    if (board) onChange({ ...board, ...part });
  };
  const toward = radios('Toward', ['a', 'b'] as const, (side) => {
    change({ toward: side });
  });
  const on = slider('activate', 'Experts to activate', (count) => {
    change({ on: count });
  });
  const off = slider('deactivate', 'Experts to deactivate', (count) => {
    change({ off: count });
  });
  const maxQ = dropdown('Largest q-value', (value) => {
    change({ maxQ: value === '' ? null : Number(value) });
  });
  let all: readonly number[] = [];
  const setLayers = (first: number, last: number): void => {
    change({ layers: first === all[0] && last === all.at(-1) ? null : [first, last] });
  };
  const range = (): [number, number] => board?.layers ?? [all[0] ?? 0, all.at(-1) ?? 0];
  // The end that moves past the other takes it along.
  const first = dropdown('First layer', (value) => {
    setLayers(Number(value), Math.max(Number(value), range()[1]));
  });
  const last = dropdown('Last layer', (value) => {
    setLayers(Math.min(Number(value), range()[0]), Number(value));
  });
  const mode = dropdown('Mode', (kind) => {
    change({ mode: kind === 'soft' ? { kind: 'soft', strength: 1 } : { kind: 'paper' } });
  });
  const strength = slider('strength', 'Strength', (value) => {
    change({ mode: { kind: 'soft', strength: value } });
  });
  const reset = button({
    label: 'Reset',
    name: 'Reset what was set by hand',
    onClick: () => {
      change({ byHand: [] });
    },
  });
  const byHandWords = make('span');
  const byHand = make('span', { class: 'control' }, byHandWords, reset);
  const dropped = make('p', { class: 'dim dropped' });
  const field = (label: string, ...parts: HTMLElement[]): HTMLElement =>
    make('span', { class: 'control' }, make('span', { class: 'label' }, label), ...parts);
  const element = make(
    'section',
    { class: 'board', 'aria-label': 'Plan' },
    field('Toward', toward.element),
    on.element,
    off.element,
    field('q at most', maxQ.element),
    field('layers', first.element, make('span', {}, 'to'), last.element),
    field('mode', mode.element),
    strength.element,
    byHand,
    dropped,
  );
  return {
    element,
    update({ board: next, file, dropped: left }) {
      board = next;
      all = file.model.moeLayers;
      toward.update(next.toward, file.labels);
      const reach = Math.max(16, Math.min(64, Math.ceil(file.counts.a.length / 20)));
      on.update(next.on, { max: Math.max(reach, next.on) });
      off.update(next.off, { max: Math.max(reach, next.off) });
      maxQ.update(next.maxQ === null ? '' : String(next.maxQ), qOptions(next.maxQ));
      const layers = all.map((layer) => ({ value: String(layer), label: `L${layer}` }));
      const [from, to] = range();
      first.update(String(all.find((layer) => layer >= from) ?? all[0]), layers);
      last.update(String(all.findLast((layer) => layer <= to) ?? all.at(-1)), layers);
      mode.update(next.mode.kind, [
        { value: 'paper', label: 'paper (first or last)' },
        { value: 'soft', label: 'soft (by strength)' },
      ]);
      show(strength.element, next.mode.kind === 'soft');
      if (next.mode.kind === 'soft') strength.update(next.mode.strength, { min: 0.25, max: 10, step: 0.25 });
      show(byHand, next.byHand.length > 0);
      setText(byHandWords, `${counted(next.byHand.length, 'expert')} set by hand`);
      show(dropped, left.length > 0);
      const names = left.slice(0, 8).map(({ expert }) => expertName(expert));
      setText(
        dropped,
        `No room in their layer: ${names.join(', ')}${left.length > 8 ? ` and ${left.length - 8} more` : ''}.`,
      );
    },
  };
}

function qOptions(chosen: number | null): { value: string; label: string }[] {
  const bounds = [...new Set([...Q_BOUNDS, ...(chosen === null ? [] : [chosen])])].sort((x, y) => x - y);
  return [{ value: '', label: 'any' }, ...bounds.map((bound) => ({ value: String(bound), label: String(bound) }))];
}
