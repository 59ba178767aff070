import type { ExpertStatistic } from '../statistics/expertStatistics.js';
import type { ModelShape } from '../model.js';
import type { Side } from '../pairs/pair.js';
import type { ExpertId, SteeringMode, SteeringPlan } from './plan.js';
import { planToward, type DroppedExpert } from './planToward.js';

/** An expert that a person set by hand, whatever the ranking says. */
export interface HandSet extends ExpertId {
  state: 'activated' | 'deactivated' | 'neutral';
}

/** What a person chose on a list of experts: the sliders, and what was set by hand on top of them. */
export interface Board {
  toward: Side;
  on: number;
  off: number;
  mode: SteeringMode;
  /** Inclusive range of llama.cpp's block numbers; null: all MoE layers. */
  layers: [number, number] | null;
  /** Leave out experts with a larger q-value; null: leave out none. */
  maxQ: number | null;
  byHand: HandSet[];
}

export const NEW_BOARD: Board = {
  toward: 'a',
  on: 4,
  off: 4,
  mode: { kind: 'paper' },
  layers: null,
  maxQ: null,
  byHand: [],
};

/** The plan that a board stands for: the ranking's choice first, then what was set by hand. */
export function planOfBoard(
  board: Board,
  statistics: readonly ExpertStatistic[],
  shape: ModelShape,
): { plan: SteeringPlan; dropped: DroppedExpert[] } {
  const { plan, dropped } = planToward(statistics, shape, board);
  const untouched = (expert: ExpertId): boolean => !board.byHand.some((hand) => same(hand, expert));
  const chosen = (state: HandSet['state']): ExpertId[] =>
    board.byHand.filter((hand) => hand.state === state).map(({ layer, expert }) => ({ layer, expert }));
  const activated = [...chosen('activated'), ...plan.activated.filter(untouched)];
  const room = withinCap(activated, shape.expertsPerToken);
  return {
    plan: {
      mode: board.mode,
      activated: room.kept,
      deactivated: [...chosen('deactivated'), ...plan.deactivated.filter(untouched)],
    },
    dropped: [
      ...dropped.filter(({ expert }) => untouched(expert)),
      ...room.over.map((expert) => ({ expert, reason: 'layer-cap' as const })),
    ],
  };
}

/** The state that a board gives an expert. */
export function stateIn(plan: SteeringPlan, expert: ExpertId): HandSet['state'] {
  if (plan.activated.some((other) => same(other, expert))) return 'activated';
  return plan.deactivated.some((other) => same(other, expert)) ? 'deactivated' : 'neutral';
}

/** Sets an expert by hand; what was set for it before is replaced. */
export function setByHand(board: Board, expert: ExpertId, state: HandSet['state']): Board {
  return {
    ...board,
    byHand: [...board.byHand.filter((hand) => !same(hand, expert)), { ...expert, state }],
  };
}

function same(one: ExpertId, other: ExpertId): boolean {
  return one.layer === other.layer && one.expert === other.expert;
}

/** A layer takes at most k activated experts; those set by hand come first. */
function withinCap(experts: readonly ExpertId[], k: number): { kept: ExpertId[]; over: ExpertId[] } {
  const kept: ExpertId[] = [];
  const over: ExpertId[] = [];
  for (const expert of experts)
    (kept.filter((other) => other.layer === expert.layer).length < k ? kept : over).push(expert);
  return { kept, over };
}
