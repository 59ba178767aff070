import type { DroppedExpert } from '../../core/plans/planToward.js';

/** What a layer has no room for, a sentence each. */
export function droppedWords(dropped: readonly DroppedExpert[], expertsPerToken: number): string[] {
  return dropped.map(({ expert: { layer, expert }, reason }) =>
    reason === 'layer-cap'
      ? `L${layer}·E${expert} is left out: layer ${layer} has its ${expertsPerToken} activated experts already.`
      : `L${layer}·E${expert} is left out: layer ${layer} must keep ${expertsPerToken} experts that are not deactivated.`,
  );
}
