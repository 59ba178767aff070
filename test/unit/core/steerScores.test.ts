import { expect, test } from 'vitest';
import { logSoftmax, steerScores } from '../../../src/core/plans/steerScores.js';
import { uniform } from './simulation.js';

test('log softmax of a case worked by hand, and of logits that overflow', () => {
  const logits = [Math.log(1), Math.log(2), Math.log(5)];
  [1 / 8, 2 / 8, 5 / 8].forEach((p, i) => {
    expect(logSoftmax(logits)[i]).toBeCloseTo(Math.log(p), 12);
  });
  expect(logSoftmax([1000, 1000])[0]).toBeCloseTo(-Math.LN2, 12);
});

test('the paper: activated above the largest, deactivated below the smallest, of the scores before any change', () => {
  const logits = [Math.log(1), Math.log(2), Math.log(5), Math.log(8)];
  const steered = steerScores(logits, [0, 1], [3, 2], { kind: 'paper' });
  const [above, below] = [Math.log(8 / 16) + 0.01, Math.log(1 / 16) - 0.01];
  [above, above, below, below].forEach((expected, i) => {
    expect(steered[i]).toBeCloseTo(expected, 12);
  });
  expect(steerScores(logits, [], [], { kind: 'paper' })).toEqual(logSoftmax(logits));
});

test('activated experts are always among the k highest, deactivated ones never', () => {
  const random = uniform(77);
  for (let run = 0; run < 200; run++) {
    const logits = Array.from({ length: 16 }, () => random() * 20 - 10);
    const steered = steerScores(logits, [3, 9], [0, 4, 15], { kind: 'paper' });
    const order = steered.map((_, i) => i).sort((x, y) => steered[y]! - steered[x]!);
    expect(order.slice(0, 4)).toEqual(expect.arrayContaining([3, 9]));
    expect(order.slice(-3).sort((x, y) => x - y)).toEqual([0, 4, 15]);
  }
});

test('soft: logits move by strength times the population deviation', () => {
  // Mean 3, squares 4 + 0 + 0 + 4, deviation sqrt(2).
  const steered = steerScores([1, 3, 3, 5], [0], [3], { kind: 'soft', strength: 0.5 });
  [1 + Math.SQRT2 / 2, 3, 3, 5 - Math.SQRT2 / 2].forEach((expected, i) => {
    expect(steered[i]).toBeCloseTo(expected, 12);
  });
});
