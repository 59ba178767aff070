import { expect, test } from 'vitest';
import { DetectionAccumulator } from '../../../src/core/statistics/detectionAccumulator.js';
import { expertStatistics } from '../../../src/core/statistics/expertStatistics.js';
import { poissonWeights } from '../../../src/core/statistics/poissonWeights.js';
import type { CountedPair } from '../../../src/core/statistics/countedPair.js';
import { shapeOf, simulatePairs, type Truth } from './simulation.js';

function accumulated(experts: number, pairs: CountedPair[], replicates: number): DetectionAccumulator {
  const detection = new DetectionAccumulator(experts, replicates);
  for (const pair of pairs) detection.add(pair);
  return detection;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Standard error of the difference of two ratio estimators by linearisation, pairs as clusters. */
function deltaMethodError(pairs: CountedPair[], expert: number): number {
  const total = { a: 0, b: 0 };
  const hits = { a: 0, b: 0 };
  for (const side of ['a', 'b'] as const) {
    for (const pair of pairs) {
      total[side] += pair.tokens[side];
      hits[side] += pair.counts[side][expert]!;
    }
  }
  const influence = (pair: CountedPair, side: 'a' | 'b') =>
    (pair.counts[side][expert]! - (hits[side] / total[side]) * pair.tokens[side]) / total[side];
  return Math.sqrt(pairs.reduce((sum, pair) => sum + (influence(pair, 'a') - influence(pair, 'b')) ** 2, 0));
}

test('weights are Poisson(1) and independent between pairs and replicates', () => {
  const n = 2000;
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  const tally = new Array<number>(6).fill(0);
  let [products, neighbours] = [0, 0];
  const pairs = 100;
  for (let pair = 0; pair < pairs; pair++) {
    poissonWeights(pair, first);
    poissonWeights(pair + 1, second);
    for (let r = 0; r < n; r++) {
      tally[Math.min(5, first[r]!)]!++;
      products += (first[r]! - 1) * (second[r]! - 1);
      neighbours += (first[r]! - 1) * ((first[r + 1] ?? 1) - 1);
    }
  }
  const draws = n * pairs;
  const expected = [0.36788, 0.36788, 0.18394, 0.06131, 0.01533, 0.00366];
  tally.forEach((count, k) => {
    const p = expected[k]!;
    expect(Math.abs(count / draws - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / draws));
  });
  expect(Math.abs(products / draws)).toBeLessThan(4.5 / Math.sqrt(draws));
  expect(Math.abs(neighbours / draws)).toBeLessThan(4.5 / Math.sqrt(draws));
});

test('the bootstrap error is that of the delta method', () => {
  const truth: Truth = { a: [0.5, 0.2, 0.9, 0.05], b: [0.3, 0.2, 0.6, 0.06], spread: 0.04 };
  const pairs = simulatePairs(400, truth, 21);
  const detection = accumulated(4, pairs, 2000);
  const replicates = new Float64Array(2000);
  for (let expert = 0; expert < 4; expert++) {
    const valid = detection.riskDifferences(expert, replicates);
    const ratio = deviation(replicates.subarray(0, valid)) / deltaMethodError(pairs, expert);
    expect(ratio).toBeGreaterThan(0.93);
    expect(ratio).toBeLessThan(1.07);
  }
});

test('the interval contains the true risk difference about 95 times in 100', () => {
  const truth: Truth = { a: [0.5, 0.2, 0.8, 0.1], b: [0.3, 0.2, 0.5, 0.15], spread: 0.1 };
  let [covered, all] = [0, 0];
  for (let run = 0; run < 400; run++) {
    const pairs = simulatePairs(60, truth, 1000 + run, run * 60);
    expertStatistics(shapeOf(2, 2), accumulated(4, pairs, 400)).forEach(({ low, high }, i) => {
      const difference = truth.a[i]! - truth.b[i]!;
      all++;
      if (low <= difference && difference <= high) covered++;
    });
  }
  expect(covered / all).toBeGreaterThan(0.925);
  expect(covered / all).toBeLessThan(0.975);
});

test('where nothing differs, findings are about as frequent as they may be', () => {
  const rates = Array.from({ length: 24 }, (_, i) => 0.15 + 0.03 * i);
  const truth: Truth = { a: rates, b: rates, spread: 0.1 };
  let [withFinding, below] = [0, 0];
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const pairs = simulatePairs(50, truth, 7000 + run, run * 50);
    const statistics = expertStatistics(shapeOf(4, 6), accumulated(24, pairs, 300));
    if (statistics.some(({ q }) => q < 0.05)) withFinding++;
    // With a single expert q is p.
    const alone = pairs.map(({ counts, ...pair }) => ({
      ...pair,
      counts: { a: counts.a.slice(0, 1), b: counts.b.slice(0, 1) },
    }));
    if (expertStatistics(shapeOf(1, 1, 1), accumulated(1, alone, 300))[0]!.q < 0.05) below++;
  }
  expect(withFinding / runs).toBeLessThan(0.11);
  expect(below / runs).toBeGreaterThan(0.005);
  expect(below / runs).toBeLessThan(0.11);
});

test('a true difference is found and noise is not', () => {
  const a = new Array<number>(32).fill(0.25);
  const b = [...a];
  b[7] = 0.05;
  const pairs = simulatePairs(60, { a, b, spread: 0.05 }, 4242);
  const statistics = expertStatistics(shapeOf(2, 16), accumulated(32, pairs, 1000));
  expect(statistics[7]!.q).toBeLessThan(1e-6);
  expect(statistics.filter(({ q }, i) => i !== 7 && q < 0.01)).toEqual([]);
});
