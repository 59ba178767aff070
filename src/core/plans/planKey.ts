import type { ExpertId, SteeringPlan } from './plan.js';

function listed(experts: readonly ExpertId[]): string {
  const sorted = [...experts].sort((x, y) => x.layer - y.layer || x.expert - y.expert);
  return sorted.map(({ layer, expert }) => `${layer}.${expert}`).join(',');
}

/** A string that two plans share exactly when they steer alike: the order of their lists does not matter. */
export function planKey(plan: SteeringPlan): string {
  const activated = listed(plan.activated);
  const deactivated = listed(plan.deactivated);
  // A plan that names no expert steers nothing in whatever mode.
  if (activated === '' && deactivated === '') return 'none';
  const mode = plan.mode.kind === 'soft' ? `soft ${plan.mode.strength}` : 'paper';
  return `${mode} +${activated} -${deactivated}`;
}
