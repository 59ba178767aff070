import { stateIn } from '../../src/core/plans/board.js';
import { EMPTY_PLAN, type ExpertId, type SteeringPlan } from '../../src/core/plans/plan.js';
import type { SwitchState } from '../ui/words.js';

export interface LayerRouting {
  layer: number;
  /** Highest first, as the router chose them. */
  experts: { expert: number; state: SwitchState }[];
}

/** The experts that a token selected, per layer in the order of moeLayers, each with what the plan does to it. */
export function routingRows(
  experts: readonly number[],
  moeLayers: readonly number[],
  plan: SteeringPlan,
): LayerRouting[] {
  const k = moeLayers.length === 0 ? 0 : Math.floor(experts.length / moeLayers.length);
  return moeLayers.map((layer, row) => ({
    layer,
    experts: experts
      .slice(row * k, (row + 1) * k)
      .map((expert) => ({ expert, state: stateIn(plan, { layer, expert }) })),
  }));
}

/** The plan that an answer was made with, read back from its key: what planKey (src/core) writes. */
export function planOfKey(key: string): SteeringPlan {
  const parts = /^(?:soft (?<strength>\S+)|paper) \+(?<on>\S*) -(?<off>\S*)$/.exec(key)?.groups;
  if (!parts) return EMPTY_PLAN;
  return {
    mode: parts['strength'] === undefined ? { kind: 'paper' } : { kind: 'soft', strength: Number(parts['strength']) },
    activated: expertsIn(parts['on']),
    deactivated: expertsIn(parts['off']),
  };
}

function expertsIn(list: string | undefined): ExpertId[] {
  if (!list) return [];
  return list.split(',').map((id) => {
    const [layer, expert] = id.split('.').map(Number);
    return { layer: layer!, expert: expert! };
  });
}
