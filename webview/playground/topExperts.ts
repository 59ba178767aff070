import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { expertName, interval, signed } from '../ui/figures.js';
import { expertFacts, type SwitchState } from '../ui/words.js';
import { handState, hasNoRoom, switchState } from '../ui/switching.js';
import type { BoardView } from './boardView.js';

export interface ExpertRow extends ExpertId {
  key: string;
  state: SwitchState;
  byHand: boolean;
  noRoom: boolean;
  /** Figures of the list; null where there is none. */
  figures: { riskDifference: string; interval: string; leansTo: 'a' | 'b'; facts: string[] } | null;
}

/**
 * The experts that get a toggle: the `top` first of the ranking within the board's layers and q-value, and every expert
 * that is switched, wherever it ranks. In rank order; without a list in the order in which they were set.
 */
export function expertRows(view: BoardView, top: number): ExpertRow[] {
  const { board, list, plan } = view;
  if (!list) {
    const seen = new Map<string, ExpertId>();
    for (const expert of [...board.byHand, ...plan.activated, ...plan.deactivated])
      seen.set(expertName(expert), expert);
    return [...seen.values()].map((expert) => rowOf(view, expert, null));
  }
  let left = top;
  return list.ranked
    .filter((statistic) => (isEligible(statistic, board) && left-- > 0) || isSwitched(view, statistic))
    .map((statistic) => rowOf(view, statistic, statistic));
}

function isSwitched(view: BoardView, expert: ExpertId): boolean {
  return handState(view.board, expert) !== null || switchState(view, expert) !== 'neutral';
}

function rowOf(view: BoardView, { layer, expert }: ExpertId, statistic: ExpertStatistic | null): ExpertRow {
  const id = { layer, expert };
  const state = switchState(view, id);
  return {
    ...id,
    key: `${layer}.${expert}`,
    state,
    byHand: handState(view.board, id) !== null,
    noRoom: hasNoRoom(view, id),
    figures: statistic && figuresOf(view, statistic, state),
  };
}

function figuresOf({ list }: BoardView, statistic: ExpertStatistic, state: SwitchState) {
  return {
    riskDifference: signed(statistic.riskDifference),
    interval: interval(statistic),
    leansTo: statistic.riskDifference < 0 ? ('b' as const) : ('a' as const),
    facts: expertFacts(statistic, state, list!),
  };
}
