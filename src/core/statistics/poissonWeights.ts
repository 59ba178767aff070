import { hash32 } from './hash32.js';

/** Cumulative probabilities of Poisson(1) on the scale of 32-bit integers: a hash below CUMULATIVE[k] gives weight <= k. */
const CUMULATIVE = cumulative();

function cumulative(): number[] {
  const thresholds: number[] = [];
  let term = Math.exp(-1);
  let sum = 0;
  for (let k = 0; k < 13; k++) {
    sum += term;
    thresholds.push(Math.round(sum * 2 ** 32));
    term /= k + 1;
  }
  return thresholds;
}

/**
 * How often a pair is drawn in each bootstrap replicate: independent Poisson(1) weights (Chamandy et al. 2012,
 * "Estimating uncertainty for massive data streams"), a function of pair index and replicate alone.
 */
export function poissonWeights(pairIndex: number, into: Float64Array): void {
  for (let replicate = 0; replicate < into.length; replicate++) {
    const hash = hash32(pairIndex, replicate);
    let weight = 0;
    while (weight < CUMULATIVE.length && hash >= CUMULATIVE[weight]!) weight++;
    into[replicate] = weight;
  }
}
