import type { Board } from '../../core/plans/board.js';
import type { SteeringPlan } from '../../core/plans/plan.js';
import type { DroppedExpert } from '../../core/plans/planToward.js';

/** "toward digits +2 -2, 1 by hand". */
export function planWords(board: Board, plan: SteeringPlan, labels: Record<'a' | 'b', string> | undefined): string {
  if (plan.activated.length + plan.deactivated.length === 0) return 'no expert is switched';
  const soft = board.mode.kind === 'soft' ? `, soft ${board.mode.strength}` : '';
  if (!labels) return `+${plan.activated.length} -${plan.deactivated.length} by hand${soft}`;
  const hand = board.byHand.length === 0 ? '' : `, ${board.byHand.length} by hand`;
  return `toward ${labels[board.toward]} +${board.on} -${board.off}${hand}${soft}`;
}

/** What a layer has no room for, a sentence each. */
export function droppedWords(dropped: readonly DroppedExpert[], expertsPerToken: number): string[] {
  return dropped.map(({ expert: { layer, expert }, reason }) =>
    reason === 'layer-cap'
      ? `L${layer}·E${expert} is left out: layer ${layer} has its ${expertsPerToken} activated experts already.`
      : `L${layer}·E${expert} is left out: layer ${layer} must keep ${expertsPerToken} experts that are not deactivated.`,
  );
}
