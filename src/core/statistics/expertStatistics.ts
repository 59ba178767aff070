import type { Thinking } from '../thinking.js';
import { benjaminiHochberg } from './benjaminiHochberg.js';
import type { DetectionAccumulator } from './detectionAccumulator.js';
import { HumanError } from '../humanError.js';
import type { ModelFingerprint, ModelShape } from '../model.js';
import { studentTwoSided } from './studentT.js';

/** What detection says of one expert. Rates and the risk difference are of target tokens. */
export interface ExpertStatistic {
  layer: number;
  expert: number;
  /** Activation counts: target tokens of each side whose router selected the expert. */
  a: number;
  b: number;
  rateA: number;
  rateB: number;
  /** rateA - rateB, in [-1, 1]. */
  riskDifference: number;
  /** 95 % interval of the risk difference, pairs resampled. */
  low: number;
  high: number;
  /** Benjamini-Hochberg q-value over all experts of the list. */
  q: number;
}

export interface DetectionOptions {
  /** Bootstrap replicates behind intervals and q-values. */
  replicates: number;
  /** Only the first N pairs were used. */
  limit?: number;
  /** How the model was made to think; absent: as its chat template does by itself. */
  thinking?: Thinking;
}

/** The content of a *.experts.json. Columns of the count table are L*E long, layer by layer in the order of moeLayers. */
export interface ExpertsFile {
  version: 1;
  name: string;
  labels: { a: string; b: string };
  model: ModelShape & { fingerprint: ModelFingerprint };
  pairs: {
    /** File name of the pairs file, relative to the experts file. */
    file: string;
    /** SHA-256 (hex) over the pairs that were used, in order. */
    fingerprint: string;
    count: number;
  };
  options: DetectionOptions;
  /** Target tokens per side. */
  tokens: { a: number; b: number };
  counts: { a: number[]; b: number[] };
  statistics: { low: number[]; high: number[]; q: number[] };
}

/**
 * Statistics of every expert, layer by layer in the order of moeLayers (paper, section 3.2; intervals and q-values are
 * ours). The interval is the 2.5th to 97.5th percentile of the bootstrap replicates, widened to contain the risk
 * difference. p comes from risk difference / bootstrap standard error, two-sided, by Student's t with pairs - 1 degrees of
 * freedom; q is Benjamini-Hochberg over all experts. By construction:
 * - fewer than 2 pairs, or than 2 replicates with tokens on both sides: low -1, high 1, q 1;
 * - a standard error of 0 (all pairs agree exactly on the rates) counts as 1 / (pairs + 1), unless the risk difference is
 *   0: then p is 1.
 * Bounds are rounded outward to 6 decimals and q to 6 digits, so that a list reads the same from its file.
 * Fails with HumanError pairs-invalid where a side has no tokens.
 */
export function expertStatistics(shape: ModelShape, detection: DetectionAccumulator): ExpertStatistic[] {
  const { moeLayers, experts } = shape;
  const { counts, tokens, pairs } = detection;
  if (detection.experts !== moeLayers.length * experts) throw new RangeError('These counts are of another shape.');
  for (const side of ['a', 'b'] as const) {
    if (tokens[side] > 0) continue;
    throw new HumanError(
      'pairs-invalid',
      `Side ${side} has no target tokens, so there is no rate to compare.`,
      'Check that at least one pair went through, and that its targets are not empty.',
    );
  }
  const replicates = new Float64Array(detection.replicates);
  const pValues: number[] = [];
  const statistics = moeLayers.flatMap((layer, row) =>
    Array.from({ length: experts }, (_, expert): ExpertStatistic => {
      const i = row * experts + expert;
      const a = counts.a[i]!;
      const b = counts.b[i]!;
      const rateA = a / tokens.a;
      const rateB = b / tokens.b;
      const riskDifference = rateA - rateB;
      const valid = pairs < 2 ? 0 : detection.riskDifferences(i, replicates);
      const { low, high, p } = resampled(riskDifference, replicates.subarray(0, valid), pairs);
      pValues.push(p);
      return { layer, expert, a, b, rateA, rateB, riskDifference, low, high, q: 1 };
    }),
  );
  for (const [i, q] of benjaminiHochberg(pValues).entries()) statistics[i]!.q = Number(q.toPrecision(6));
  return statistics;
}

/** Interval and p-value of one risk difference from its replicates, which are sorted in place. */
function resampled(riskDifference: number, replicates: Float64Array, pairs: number) {
  const n = replicates.length;
  if (n < 2) return { low: -1, high: 1, p: 1 };
  replicates.sort();
  const low = outward(Math.min(riskDifference, percentile(replicates, 0.025)), Math.floor);
  const high = outward(Math.max(riskDifference, percentile(replicates, 0.975)), Math.ceil);
  const agreed = replicates[0] === replicates[n - 1];
  if (agreed && riskDifference === 0) return { low, high, p: 1 };
  let mean = 0;
  for (const value of replicates) mean += value / n;
  let squares = 0;
  for (const value of replicates) squares += (value - mean) ** 2;
  const error = agreed ? 1 / (pairs + 1) : Math.sqrt(squares / (n - 1));
  return { low, high, p: studentTwoSided(riskDifference / error, pairs - 1) };
}

/** Linear interpolation between order statistics. */
function percentile(sorted: Float64Array, fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = Math.floor(position);
  const lower = sorted[below]!;
  return lower + (position - below) * ((sorted[below + 1] ?? lower) - lower);
}

/** To 6 decimals, away from the interval, within [-1, 1]. */
function outward(bound: number, round: (value: number) => number): number {
  // Six decimals that are there already must not move by the rounding of the product.
  const scaled = bound * 1e6;
  const nearest = Math.round(scaled);
  const rounded = Math.abs(scaled - nearest) < 1e-6 && nearest / 1e6 === bound ? nearest : round(scaled);
  return Math.max(-1, Math.min(1, rounded / 1e6)) + 0;
}
