import type { Side } from '../pairs/pair.js';

/**
 * Final counts of one pair: what detection adds up. Count arrays are L x E, layer by layer in the order of
 * ModelShape.moeLayers; an entry is the number of the side's target tokens that selected the expert.
 */
export interface CountedPair {
  /** The pair's place in its set; seeds its bootstrap weights. */
  index: number;
  /** Target tokens per side. */
  tokens: Record<Side, number>;
  counts: Record<Side, Uint32Array>;
}
