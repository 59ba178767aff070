import type { ExpertStatistic } from '../statistics/expertStatistics.js';

/** Which experts of a ranking count. */
export interface Eligibility {
  /** Inclusive range of llama.cpp's block numbers; absent or null: all MoE layers. */
  layers?: readonly [number, number] | null;
  /** The largest q-value; absent or null: any. */
  maxQ?: number | null;
}

export function isEligible({ layer, q }: ExpertStatistic, { layers, maxQ }: Eligibility): boolean {
  return (!layers || (layer >= layers[0] && layer <= layers[1])) && (maxQ == null || q <= maxQ);
}
