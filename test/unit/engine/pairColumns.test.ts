import { describe, expect, it } from 'vitest';
import { PairColumns } from '../../../src/engine/process/pairColumns.js';

const columns = new PairColumns(
  { tokens: Int32Array.of(1, 2, 3, 4, 5), from: 2 },
  { tokens: Int32Array.of(1, 2, 3, 9), from: 3 },
  'batch',
);

describe('PairColumns', () => {
  it('computes the shared prefix once, in both sequences', () => {
    const [step, ...rest] = [...columns.steps(100, 100)];
    expect(rest).toEqual([]);
    expect([...step!.batch.tokens]).toEqual([1, 2, 3, 4, 5, 9]);
    expect([...step!.batch.positions]).toEqual([0, 1, 2, 3, 4, 3]);
    expect([...step!.batch.sequences]).toEqual([0, 1, 0, 1, 0, 1, 0, -1, 0, -1, 1, -1]);
    expect(columns.conversationTokens).toBe(9);
  });

  it('counts a token for each side whose target it is in, and makes it an output', () => {
    const [step] = [...columns.steps(100, 100)];
    expect([...step!.batch.counters!]).toEqual([-1, -1, -1, -1, 0, -1, 0, -1, 0, -1, -1, 1]);
    expect([...step!.batch.outputs]).toEqual([0, 0, 1, 1, 1, 1]);
    expect(columns.targets).toEqual({ a: 3, b: 1 });
  });

  it('cuts steps at the batch size and at the number of outputs', () => {
    const sizes = (batch: number, outputs: number): number[] =>
      [...columns.steps(batch, outputs)].map((step) => step.batch.tokens.length);
    expect(sizes(4, 100)).toEqual([4, 2]);
    expect(sizes(100, 2)).toEqual([4, 2]);
    expect(sizes(100, 1)).toEqual([3, 1, 1, 1]);
  });

  it('gives selections back to the sides in the order of their tokens', () => {
    const into: Record<'a' | 'b', Uint16Array[]> = { a: [], b: [] };
    for (const step of columns.steps(100, 3)) {
      const targets = [...step.batch.outputs].filter(Boolean).length;
      const offset = into.a.length + into.b.length;
      step.collect(
        Uint16Array.from({ length: targets * 2 }, (_, i) => offset * 2 + i),
        into,
      );
    }
    expect(into.a.map((row) => [...row])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(into.b.map((row) => [...row])).toEqual([[6, 7]]);
  });

  it('counts a target in the shared prefix on both sides', () => {
    const both = new PairColumns(
      { tokens: Int32Array.of(1, 2), from: 0 },
      { tokens: Int32Array.of(1, 3), from: 0 },
      'batch',
    );
    const [step] = [...both.steps(100, 100)];
    expect([...step!.batch.counters!]).toEqual([0, 1, 0, -1, -1, 1]);
  });

  it('reads one side after the other, each from its start, where nothing is shared', () => {
    const alone = new PairColumns(
      { tokens: Int32Array.of(1, 2, 3), from: 1 },
      { tokens: Int32Array.of(1, 2, 4, 5), from: 3 },
      'none',
    );
    const steps = [...alone.steps(3, 100)];
    expect(steps.map(({ batch }) => [...batch.tokens])).toEqual([[1, 2, 3], [1, 2, 4], [5]]);
    expect(steps.map(({ batch }) => [...batch.positions])).toEqual([[0, 1, 2], [0, 1, 2], [3]]);
    expect(steps.map(({ fresh }) => fresh)).toEqual([true, true, false]);
    for (const { batch } of steps)
      for (const [i, sequence] of batch.sequences.entries()) expect(sequence).toBe(i % 2 === 0 ? 0 : -1);
    expect(steps.map(({ batch }) => [...batch.counters!])).toEqual([
      [-1, -1, 0, -1, 0, -1],
      [-1, -1, -1, -1, -1, -1],
      [-1, 1],
    ]);
  });

  it('reads the prefix once, then copies it, where a batch may have one sequence only', () => {
    const copying = new PairColumns(
      { tokens: Int32Array.of(1, 2, 3), from: 1 },
      { tokens: Int32Array.of(1, 2, 4, 5), from: 3 },
      'copy',
    );
    const steps = [...copying.steps(100, 100)];
    expect(steps.map(({ batch }) => [...batch.tokens])).toEqual([[1, 2], [3], [4, 5]]);
    expect(steps.map(({ batch }) => [...batch.positions])).toEqual([[0, 1], [2], [2, 3]]);
    expect(steps.map(({ batch }) => [...batch.sequences])).toEqual([
      [0, -1, 0, -1],
      [0, -1],
      [1, -1, 1, -1],
    ]);
    expect(steps.map(({ batch }) => [...batch.counters!])).toEqual([
      [-1, -1, 0, -1],
      [0, -1],
      [-1, -1, -1, 1],
    ]);
    expect(steps.map(({ fresh, copied }) => [fresh, copied])).toEqual([
      [true, 0],
      [false, 2],
      [false, 0],
    ]);
  });

  it('copies a side that is the start of the other', () => {
    const start = { tokens: Int32Array.of(1, 2), from: 1 };
    const steps = [...new PairColumns(start, { tokens: Int32Array.of(1, 2, 3), from: 2 }, 'copy').steps(100, 100)];
    expect(steps.map(({ batch, copied }) => [[...batch.sequences], copied])).toEqual([
      [[0, -1, 0, -1], 0],
      [[1, -1], 2],
    ]);
    const apart = { tokens: Int32Array.of(7), from: 0 };
    expect([...new PairColumns(start, apart, 'copy').steps(100, 100)].map(({ copied }) => copied)).toEqual([0, 0]);
  });

  it('empties the cache once for a pair whose sides share a batch', () => {
    expect([...columns.steps(2, 100)].map(({ fresh }) => fresh)).toEqual([true, false, false]);
  });
});
