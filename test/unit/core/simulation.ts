import type { CountedPair } from '../../../src/core/statistics/countedPair.js';
import type { ModelShape } from '../../../src/core/model.js';

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32): not the generator that core uses. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shapeOf(layers: number, experts: number, expertsPerToken = 2): ModelShape {
  const moeLayers = Array.from({ length: layers }, (_, i) => i);
  return { architecture: 'qwen3moe', name: 'Test', moeLayers, layers, experts, expertsPerToken };
}

export function countedPair(index: number, tokens: [number, number], a: number[], b: number[]): CountedPair {
  const counts = { a: Uint32Array.from(a), b: Uint32Array.from(b) };
  return { index, tokens: { a: tokens[0], b: tokens[1] }, counts };
}

export interface Truth {
  /** Mean activation rates of each expert per side. */
  a: number[];
  b: number[];
  /** How far a pair's own rate strays from the mean, uniformly. */
  spread: number;
}

/**
 * Pairs whose tokens are alike within a pair: each has its own rates around the true ones. Lengths of the sides are
 * independent of the rates, so the true risk difference is that of the means.
 */
export function simulatePairs(count: number, truth: Truth, seed: number, firstIndex = 0): CountedPair[] {
  const random = uniform(seed);
  const binomial = (n: number, p: number) => {
    let hits = 0;
    for (let i = 0; i < n; i++) if (random() < p) hits++;
    return hits;
  };
  const draw = (mean: number, tokens: number) => binomial(tokens, mean + (2 * random() - 1) * truth.spread);
  return Array.from({ length: count }, (_, i) => {
    const tokens: [number, number] = [5 + Math.floor(random() * 20), 5 + Math.floor(random() * 40)];
    const a = truth.a.map((mean) => draw(mean, tokens[0]));
    const b = truth.b.map((mean) => draw(mean, tokens[1]));
    return countedPair(firstIndex + i, tokens, a, b);
  });
}
