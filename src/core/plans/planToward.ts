import type { ExpertStatistic } from '../statistics/expertStatistics.js';
import type { ModelShape } from '../model.js';
import type { Side } from '../pairs/pair.js';
import type { ExpertId, SteeringMode, SteeringPlan } from './plan.js';
import { isEligible, type Eligibility } from './isEligible.js';
import { rankExperts } from '../statistics/rankExperts.js';

export interface TowardOptions extends Eligibility {
  toward: Side;
  /** How many experts to activate and to deactivate: n_on and n_off. */
  on: number;
  off: number;
  /** The paper's where absent. */
  mode?: SteeringMode;
}

/** An expert that the ranking asked for and its layer had no room for. */
export interface DroppedExpert {
  expert: ExpertId;
  /** layer-cap: the layer has k activated experts already; layer-floor: fewer than k would be left undeactivated. */
  reason: 'layer-cap' | 'layer-floor';
}

/**
 * The plan toward a side (paper, section 3.3). Toward a: activate the `on` highest-ranked experts with RD > 0 and
 * deactivate the `off` highest-ranked with RD < 0; toward b the signs swap. A layer takes at most k activated experts and
 * keeps at least k that are not deactivated, the highest-ranked first. What has no room is dropped and reported, not
 * replaced by the next in rank: `on` and `off` say how far down the ranking the plan reaches. Lists are in rank order.
 */
export function planToward(
  statistics: readonly ExpertStatistic[],
  shape: ModelShape,
  { toward, on, off, mode = { kind: 'paper' }, ...eligibility }: TowardOptions,
): { plan: SteeringPlan; dropped: DroppedExpert[] } {
  const sign = toward === 'a' ? 1 : -1;
  const eligible = rankExperts(statistics).filter((statistic) => isEligible(statistic, eligibility));
  const wanted = eligible.filter(({ riskDifference }) => riskDifference * sign > 0).slice(0, on);
  const unwanted = eligible.filter(({ riskDifference }) => riskDifference * sign < 0).slice(0, off);
  const activated = fit(wanted, shape.expertsPerToken);
  const deactivated = fit(unwanted, shape.experts - shape.expertsPerToken);
  return {
    plan: { mode, activated: activated.taken, deactivated: deactivated.taken },
    dropped: [
      ...activated.left.map((expert) => ({ expert, reason: 'layer-cap' as const })),
      ...deactivated.left.map((expert) => ({ expert, reason: 'layer-floor' as const })),
    ],
  };
}

/** The experts that find room, at most `perLayer` in a layer, first come first served; and those that do not. */
function fit(experts: readonly ExpertId[], perLayer: number): { taken: ExpertId[]; left: ExpertId[] } {
  const used = new Map<number, number>();
  const taken: ExpertId[] = [];
  const left: ExpertId[] = [];
  for (const { layer, expert } of experts) {
    const count = used.get(layer) ?? 0;
    if (count < perLayer) {
      used.set(layer, count + 1);
      taken.push({ layer, expert });
    } else left.push({ layer, expert });
  }
  return { taken, left };
}
