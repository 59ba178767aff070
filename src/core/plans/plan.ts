import type { ModelFingerprint } from '../model.js';
import type { Side } from '../pairs/pair.js';

/** How a plan changes the router's values (paper, section 3.3, and the soft variant). */
export type SteeringMode =
  /** Activated experts get max(s) + 0.01, deactivated ones min(s) - 0.01, of s = log_softmax(z). */
  | { kind: 'paper' }
  /** z + strength * std(z) for activated experts, z - strength * std(z) for deactivated ones; strength in (0, 10]. */
  | { kind: 'soft'; strength: number };

/** One expert: llama.cpp's block number and the index in that block's router. */
export interface ExpertId {
  layer: number;
  expert: number;
}

export interface SteeringPlan {
  mode: SteeringMode;
  activated: ExpertId[];
  deactivated: ExpertId[];
}

/** Where a plan came from, so that a reader of its file can tell. */
export interface PlanOrigin {
  experts?: string;
  toward?: Side;
  label?: string;
  on?: number;
  off?: number;
  /** Inclusive range of llama.cpp's block numbers. */
  layers?: [number, number];
  /** Only experts with at most this q-value were taken. */
  maxQ?: number;
}

/** The content of a *.steering.json. */
export interface SteeringFile {
  version: 1;
  model: ModelFingerprint & { name: string };
  plan: SteeringPlan;
  origin?: PlanOrigin;
}

export const EMPTY_PLAN: SteeringPlan = { mode: { kind: 'paper' }, activated: [], deactivated: [] };
