import { expect, test } from 'vitest';
import { logGamma, studentTwoSided } from '../../../src/core/statistics/studentT.js';

test('agrees with the closed forms for 1, 2 and 3 degrees of freedom', () => {
  for (const t of [0, 0.1, 1, 2.5, 10, 300]) {
    expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    expect(studentTwoSided(-t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    const angle = Math.atan(t / Math.sqrt(3));
    expect(studentTwoSided(t, 3)).toBeCloseTo(1 - (2 / Math.PI) * (angle + Math.sin(angle) * Math.cos(angle)), 12);
  }
});

test('agrees with printed tables', () => {
  // Critical values of t for 5 % and 1 %, two-sided.
  for (const [degrees, five, one] of [
    [5, 2.570582, 4.032143],
    [10, 2.228139, 3.169273],
    [30, 2.042272, 2.749996],
    [120, 1.97993, 2.617421],
    [1e6, 1.959966, 2.575834],
  ] as const) {
    expect(studentTwoSided(five, degrees)).toBeCloseTo(0.05, 6);
    expect(studentTwoSided(one, degrees)).toBeCloseTo(0.01, 6);
  }
});

test('agrees with the integrated density far out in the tail', () => {
  const degrees = 9;
  const density = (x: number) => (1 + (x * x) / degrees) ** (-(degrees + 1) / 2);
  const integral = (from: number, to: number) => {
    // Simpson's rule in u = 1 / x, where the tail is finite.
    const f = (u: number) => density(1 / u) / (u * u);
    const [low, high, steps] = [1 / to, 1 / from, 20_000];
    const h = (high - low) / steps;
    let sum = f(low) + f(high);
    for (let i = 1; i < steps; i++) sum += f(low + i * h) * (i % 2 === 1 ? 4 : 2);
    return (sum * h) / 3;
  };
  // Normalisation of t with 9 degrees of freedom: Gamma(5) / (sqrt(9 pi) Gamma(4.5)), Gamma(4.5) = 105 sqrt(pi) / 16.
  const norm = 24 / (3 * Math.PI * (105 / 16));
  const expected = 2 * norm * integral(20, 1e6);
  expect(studentTwoSided(20, degrees) / expected).toBeCloseTo(1, 6);
});

test('log gamma of whole numbers is the log of the factorial', () => {
  let factorial = 1;
  for (let n = 1; n < 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
    factorial *= n;
  }
  expect(studentTwoSided(Infinity, 4)).toBe(0);
});
