import { HumanError } from '../humanError.js';
import type { ModelShape } from '../model.js';
import type { ExpertId, SteeringPlan } from './plan.js';

function invalid(message: string, next: string): HumanError {
  return new HumanError('plan-invalid', message, next);
}

function inWords({ layer, expert }: ExpertId): string {
  return `expert ${expert} of layer ${layer}`;
}

function checkExpert({ layer, expert }: ExpertId, shape: ModelShape): void {
  if (!shape.moeLayers.includes(layer)) {
    const [first, last] = [shape.moeLayers[0], shape.moeLayers.at(-1)];
    throw invalid(
      `The plan names layer ${layer}, which has no router in this model.`,
      `Name layers that have one: they lie between ${first} and ${last}.`,
    );
  }
  if (!Number.isInteger(expert) || expert < 0 || expert >= shape.experts) {
    throw invalid(
      `The plan names ${inWords({ layer, expert })}, but a layer of this model has ${shape.experts} experts.`,
      `Name experts from 0 to ${shape.experts - 1}.`,
    );
  }
}

/**
 * Fails with HumanError plan-invalid where a plan cannot be carried out: unknown layer or expert, an expert named twice,
 * more activated experts in a layer than the router selects, or a strength outside (0, 10].
 */
export function checkPlan(plan: SteeringPlan, shape: ModelShape): void {
  if (plan.mode.kind === 'soft' && !(plan.mode.strength > 0 && plan.mode.strength <= 10)) {
    throw invalid(`The plan's strength is ${plan.mode.strength}.`, 'Choose a strength above 0 and at most 10.');
  }
  const named = new Map<string, string>();
  for (const list of ['activated', 'deactivated'] as const) {
    for (const id of plan[list]) {
      checkExpert(id, shape);
      const key = `${id.layer}/${id.expert}`;
      const before = named.get(key);
      if (before !== undefined) {
        const how = before === list ? `${list} twice` : 'both activated and deactivated';
        throw invalid(`The plan has ${inWords(id)} ${how}.`, 'Remove one of the two entries.');
      }
      named.set(key, list);
    }
  }
  for (const layer of shape.moeLayers) {
    const count = plan.activated.filter((id) => id.layer === layer).length;
    if (count > shape.expertsPerToken) {
      throw invalid(
        `The plan activates ${count} experts of layer ${layer}, but its router selects ${shape.expertsPerToken}.`,
        `Activate at most ${shape.expertsPerToken} experts in a layer.`,
      );
    }
  }
}
