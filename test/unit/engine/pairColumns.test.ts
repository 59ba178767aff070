import { describe, expect, it } from 'vitest';
import { PairColumns } from '../../../src/engine/process/pairColumns.js';

const columns = new PairColumns(
  { tokens: Int32Array.of(1, 2, 3, 4, 5), from: 2 },
  { tokens: Int32Array.of(1, 2, 3, 9), from: 3 },
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
    const both = new PairColumns({ tokens: Int32Array.of(1, 2), from: 0 }, { tokens: Int32Array.of(1, 3), from: 0 });
    const [step] = [...both.steps(100, 100)];
    expect([...step!.batch.counters!]).toEqual([0, 1, 0, -1, -1, 1]);
  });
});
