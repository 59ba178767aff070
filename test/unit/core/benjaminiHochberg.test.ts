import { expect, test } from 'vitest';
import { benjaminiHochberg } from '../../../src/core/statistics/benjaminiHochberg.js';
import { uniform } from './simulation.js';

/** By the definition: of all thresholds t >= p, the smallest estimate m t / #{p <= t}. */
function naive(p: number[]): number[] {
  return p.map((own) => {
    const estimates = p.filter((t) => t >= own).map((t) => (p.length * t) / p.filter((other) => other <= t).length);
    return Math.min(1, ...estimates);
  });
}

test('agrees with the definition, ties included', () => {
  const random = uniform(99);
  for (let run = 0; run < 50; run++) {
    const p = Array.from({ length: 1 + run }, () => Math.round(random() ** 3 * 50) / 50);
    const q = benjaminiHochberg(p);
    naive(p).forEach((expected, i) => {
      expect(q[i]).toBeCloseTo(expected, 12);
    });
  }
});

test('agrees with a case worked by hand', () => {
  const q = benjaminiHochberg([0.01, 0.04, 0.03, 0.5]);
  [0.04, 0.16 / 3, 0.16 / 3, 0.5].forEach((expected, i) => {
    expect(q[i]).toBeCloseTo(expected, 12);
  });
});
