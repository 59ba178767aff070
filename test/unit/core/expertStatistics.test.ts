import { describe, expect, test } from 'vitest';
import { DetectionAccumulator } from '../../../src/core/statistics/detectionAccumulator.js';
import { expertStatistics } from '../../../src/core/statistics/expertStatistics.js';
import { rankExperts } from '../../../src/core/statistics/rankExperts.js';
import type { CountedPair } from '../../../src/core/statistics/countedPair.js';
import { countedPair, shapeOf, simulatePairs } from './simulation.js';

function accumulated(experts: number, pairs: CountedPair[], replicates?: number): DetectionAccumulator {
  const detection = new DetectionAccumulator(experts, replicates);
  for (const pair of pairs) detection.add(pair);
  return detection;
}

describe('rates and risk differences', () => {
  test('are those of a case worked by hand', () => {
    // Side a: 4 + 6 tokens, side b: 5 + 15. Two layers of two experts.
    const detection = accumulated(4, [
      countedPair(0, [4, 5], [4, 0, 1, 3], [0, 5, 1, 4]),
      countedPair(1, [6, 15], [3, 3, 2, 4], [5, 10, 3, 12]),
    ]);
    const statistics = expertStatistics(shapeOf(2, 2, 1), detection);
    expect(statistics.map(({ layer, expert }) => [layer, expert])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(statistics.map(({ a }) => a)).toEqual([7, 3, 3, 7]);
    expect(statistics.map(({ b }) => b)).toEqual([5, 15, 4, 16]);
    expect(statistics.map(({ rateA }) => rateA)).toEqual([0.7, 0.3, 0.3, 0.7]);
    expect(statistics.map(({ rateB }) => rateB)).toEqual([0.25, 0.75, 0.2, 0.8]);
    const differences = [0.45, -0.45, 0.1, -0.1];
    statistics.forEach(({ riskDifference, low, high }, i) => {
      expect(riskDifference).toBeCloseTo(differences[i]!, 12);
      expect(low).toBeLessThanOrEqual(riskDifference);
      expect(high).toBeGreaterThanOrEqual(riskDifference);
    });
  });

  test('rank by size over all layers, ties by layer and expert', () => {
    const of = (layer: number, expert: number, riskDifference: number) => ({ layer, expert, riskDifference });
    const list = [of(1, 1, 0.5), of(1, 0, -0.5), of(0, 3, 0.5), of(0, 0, 0.1), of(2, 0, -0.9)];
    const ranked = rankExperts(list).map(({ layer, expert }) => `${layer}.${expert}`);
    expect(ranked).toEqual(['2.0', '0.3', '1.0', '1.1', '0.0']);
  });
});

describe('corner cases', () => {
  test('one pair gives no interval and no finding', () => {
    const statistics = expertStatistics(shapeOf(1, 2), accumulated(2, [countedPair(0, [9, 9], [9, 0], [0, 9])]));
    for (const { low, high, q } of statistics) expect([low, high, q]).toEqual([-1, 1, 1]);
  });

  test('pairs that agree exactly have an error of 1 / (pairs + 1), and nothing to find at a difference of 0', () => {
    const pairs = Array.from({ length: 9 }, (_, i) => countedPair(i, [3, 5], [3, 3], [0, 5]));
    const [found, same] = expertStatistics(shapeOf(1, 2, 1), accumulated(2, pairs));
    expect([found?.low, found?.high]).toEqual([1, 1]);
    // t = 1 / (1 / 10) with 8 degrees of freedom; two experts, so q is twice p. Reference p: 8.488e-6.
    expect(found?.q).toBeCloseTo(2 * 8.488e-6, 8);
    expect([same?.low, same?.high, same?.q]).toEqual([0, 0, 1]);
  });

  test('a side without tokens is an error', () => {
    const detection = accumulated(2, [countedPair(0, [4, 0], [1, 1], [0, 0]), countedPair(1, [4, 0], [1, 1], [0, 0])]);
    expect(() => expertStatistics(shapeOf(1, 2), detection)).toThrow(
      expect.objectContaining({ reason: 'pairs-invalid' }) as Error,
    );
  });

  test('a replicate that drew no tokens of a side is left out', () => {
    const detection = accumulated(1, [countedPair(0, [4, 4], [1], [2]), countedPair(1, [4, 0], [1], [0])], 4000);
    const into = new Float64Array(4000);
    // Only pair 0 has tokens of side b; Poisson(1) leaves it out with probability exp(-1).
    expect(detection.riskDifferences(0, into) / 4000).toBeCloseTo(1 - Math.exp(-1), 1);
  });

  test('an expert that is never selected has the interval [0, 0] and q 1', () => {
    const pairs = simulatePairs(20, { a: [0.4, 0], b: [0.3, 0], spread: 0 }, 5);
    const never = expertStatistics(shapeOf(1, 2), accumulated(2, pairs))[1];
    expect([never?.low, never?.high, never?.q]).toEqual([0, 0, 1]);
  });

  test('counts that cannot be are refused', () => {
    const detection = accumulated(1, [countedPair(3, [4, 4], [1], [2])]);
    expect(() => {
      detection.add(countedPair(3, [4, 4], [1], [2]));
    }).toThrow(RangeError);
    expect(() => {
      detection.add(countedPair(4, [4, 4], [5], [2]));
    }).toThrow(RangeError);
    expect(() => {
      detection.add(countedPair(4, [4, 4], [1, 1], [2, 2]));
    }).toThrow(RangeError);
    expect(() => {
      detection.add(countedPair(5, [2 ** 26, 4], [1], [2]));
    }).toThrow(/exactly/);
  });
});

test('the order of pairs, and reading in between, do not change a bit', () => {
  const truth = { a: [0.5, 0.2, 0.1, 0.7], b: [0.3, 0.2, 0.4, 0.6], spread: 0.1 };
  const pairs = simulatePairs(53, truth, 11);
  const shape = shapeOf(2, 2);
  const expected = expertStatistics(shape, accumulated(4, pairs));
  expect(expertStatistics(shape, accumulated(4, [...pairs].reverse()))).toEqual(expected);
  const stepwise = new DetectionAccumulator(4);
  for (const pair of [...pairs.slice(20), ...pairs.slice(0, 20)]) {
    stepwise.add(pair);
    if (pair.index % 7 === 0) expertStatistics(shape, stepwise);
  }
  expect(expertStatistics(shape, stepwise)).toEqual(expected);
});

test('two sums in one number come apart again: replicates are those of plain sums', () => {
  const pairs = simulatePairs(21, { a: [0.9, 0.02], b: [0.01, 0.8], spread: 0.01 }, 3);
  const both = accumulated(2, pairs, 50);
  const swapped = accumulated(
    2,
    pairs.map(({ index, tokens, counts }) => ({
      index,
      tokens: { a: tokens.b, b: tokens.a },
      counts: { a: counts.b, b: counts.a },
    })),
    50,
  );
  const [x, y] = [new Float64Array(50), new Float64Array(50)];
  for (const expert of [0, 1]) {
    both.riskDifferences(expert, x);
    swapped.riskDifferences(expert, y);
    expect(Array.from(y, (value) => -value)).toEqual(Array.from(x));
  }
});
