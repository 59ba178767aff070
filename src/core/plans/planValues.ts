import { checkPlan } from './checkPlan.js';
import type { ModelShape } from '../model.js';
import type { ExpertId, SteeringPlan } from './plan.js';

/**
 * A plan as the tap takes it: L x E values, layer by layer in the order of moeLayers. Paper: 1 activates, -1 deactivates,
 * 0 leaves alone. Soft: strength, -strength, 0 in units of the column's standard deviation.
 * Fails with HumanError plan-invalid (see checkPlan).
 */
export function planValues(plan: SteeringPlan, shape: ModelShape): Float32Array {
  checkPlan(plan, shape);
  const values = new Float32Array(shape.moeLayers.length * shape.experts);
  const value = plan.mode.kind === 'soft' ? plan.mode.strength : 1;
  const put = ({ layer, expert }: ExpertId, to: number) => {
    values[shape.moeLayers.indexOf(layer) * shape.experts + expert] = to;
  };
  for (const id of plan.activated) put(id, value);
  for (const id of plan.deactivated) put(id, -value);
  return values;
}
