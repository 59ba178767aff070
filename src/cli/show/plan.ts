import type { ExpertId, SteeringPlan } from '../../core/plans/plan.js';
import type { DroppedExpert } from '../../core/plans/planToward.js';

type Place = [layer: number, expert: number];

/** A plan in the JSON that commands print: [layer, expert] with llama.cpp's block numbers. */
export function planJson(
  { mode, activated, deactivated }: SteeringPlan,
  dropped: readonly DroppedExpert[],
): { mode: SteeringPlan['mode']; activated: Place[]; deactivated: Place[]; dropped: Place[] } {
  return {
    mode,
    activated: activated.map(place),
    deactivated: deactivated.map(place),
    dropped: dropped.map(({ expert }) => place(expert)),
  };
}

export function droppedText(dropped: readonly DroppedExpert[]): string {
  const list = (reason: DroppedExpert['reason']): string =>
    dropped
      .filter((one) => one.reason === reason)
      .map(({ expert }) => `${expert.layer}/${expert.expert}`)
      .join(', ');
  const cap = list('layer-cap');
  const floor = list('layer-floor');
  return (
    (cap === '' ? '' : `Left out, because a layer takes no more activated experts than its router selects: ${cap}\n`) +
    (floor === '' ? '' : `Left out, because a layer must keep enough experts to select from: ${floor}\n`)
  );
}

function place({ layer, expert }: ExpertId): Place {
  return [layer, expert];
}
