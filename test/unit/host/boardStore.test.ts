import { describe, expect, it } from 'vitest';
import { NEW_BOARD } from '../../../src/core/plans/board.js';
import { BoardStore } from '../../../src/host/boardStore.js';
import { FakeMemory } from './fakeMemory.js';

const LIST = 'file:///w/digits.experts.json';

describe('the boards of a workspace', () => {
  it('are new where nothing was set, kept apart by list, and told to whoever listens', () => {
    const store = new BoardStore(new FakeMemory());
    const news: string[] = [];
    store.onDidChange((owner) => news.push(owner));
    expect(store.get(LIST)).toEqual(NEW_BOARD);
    store.set(LIST, { ...NEW_BOARD, on: 7, byHand: [{ layer: 1, expert: 2, state: 'activated' }] });
    expect(store.get(LIST)).toMatchObject({ on: 7, byHand: [{ layer: 1, expert: 2, state: 'activated' }] });
    expect(store.get('playground:SteerMoE Playground')).toEqual(NEW_BOARD);
    expect(news).toEqual([LIST]);
  });

  it('follow a list that is renamed', () => {
    const store = new BoardStore(new FakeMemory());
    store.set(LIST, { ...NEW_BOARD, off: 9 });
    store.move(LIST, 'file:///w/other.experts.json');
    expect(store.get('file:///w/other.experts.json').off).toBe(9);
    expect(store.get(LIST)).toEqual(NEW_BOARD);
  });

  it.each([
    ['another shape', { toward: 'c' }],
    ['an impossible number', { ...NEW_BOARD, on: -1 }],
    ['a strength out of range', { ...NEW_BOARD, mode: { kind: 'soft', strength: 11 } }],
    ['a broken list by hand', { ...NEW_BOARD, byHand: [{ layer: 0, expert: 0, state: 'maybe' }] }],
  ])('are new where the memory has %s', async (_, kept) => {
    const memory = new FakeMemory();
    await memory.update(`board:${LIST}`, kept);
    expect(new BoardStore(memory).get(LIST)).toEqual(NEW_BOARD);
  });
});
