import { hash32 } from '../statistics/hash32.js';
import type { ModelShape } from '../model.js';
import type { ExpertId, SteeringPlan } from './plan.js';

/** Fisher-Yates with a stateless generator: the same seed always gives the same order. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor((hash32(seed, i) / 2 ** 32) * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/**
 * A control for a plan (paper, section 4: random experts of the same count do nothing): as many random experts activated
 * and deactivated, drawn from all MoE layers under the same limits as planToward, in the same mode. `seed` is unsigned
 * 32-bit; one seed always gives one plan. Gives fewer only where the model has too few experts.
 */
export function randomPlan(like: SteeringPlan, shape: ModelShape, seed: number): SteeringPlan {
  const all = shape.moeLayers.flatMap((layer) =>
    Array.from({ length: shape.experts }, (_, expert): ExpertId => ({ layer, expert })),
  );
  const order = shuffled(all, seed);
  const activated = draw(order, like.activated.length, shape.expertsPerToken);
  const rest = order.filter((expert) => !activated.includes(expert));
  // A plan written by hand may deactivate more of a layer than planToward does; its control then has to as well.
  const floor = draw(rest, like.deactivated.length, shape.experts - shape.expertsPerToken);
  const deactivated =
    floor.length < like.deactivated.length ? draw(rest, like.deactivated.length, shape.experts) : floor;
  return { mode: like.mode, activated, deactivated };
}

function draw(order: readonly ExpertId[], count: number, perLayer: number): ExpertId[] {
  const used = new Map<number, number>();
  const drawn: ExpertId[] = [];
  for (const expert of order) {
    if (drawn.length === count) break;
    const inLayer = used.get(expert.layer) ?? 0;
    if (inLayer === perLayer) continue;
    used.set(expert.layer, inLayer + 1);
    drawn.push(expert);
  }
  return drawn;
}
