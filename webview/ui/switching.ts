import { setByHand, stateIn, type Board } from '../../src/core/plans/board.js';
import type { ExpertId, SteeringPlan } from '../../src/core/plans/plan.js';
import type { SwitchState } from './words.js';

/** A board with the plan that it stands for, and what the plan of another board would be. */
export interface Switches {
  board: Board;
  plan: SteeringPlan;
  planOf: (board: Board) => SteeringPlan;
}

/** What a switch shows: what was set by hand, even where the layer has no room for it; else the plan's choice. */
export function switchState({ board, plan }: Pick<Switches, 'board' | 'plan'>, expert: ExpertId): SwitchState {
  return handState(board, expert) ?? stateIn(plan, expert);
}

export function handState(board: Board, { layer, expert }: ExpertId): SwitchState | null {
  return board.byHand.find((hand) => hand.layer === layer && hand.expert === expert)?.state ?? null;
}

/** An expert that is set to be activated and is not, because its layer has no room. */
export function hasNoRoom(switches: Pick<Switches, 'board' | 'plan'>, expert: ExpertId): boolean {
  return switchState(switches, expert) === 'activated' && stateIn(switches.plan, expert) !== 'activated';
}

/** The board with one switch set. What the ranking chooses anyway is not kept as set by hand. */
export function withSwitch({ board, planOf }: Switches, { layer, expert: index }: ExpertId, state: SwitchState): Board {
  const expert = { layer, expert: index };
  const set = setByHand(board, expert, state);
  const without = { ...set, byHand: set.byHand.slice(0, -1) };
  return stateIn(planOf(without), expert) === state ? without : set;
}

const NEXT: Record<SwitchState, SwitchState> = {
  neutral: 'activated',
  activated: 'deactivated',
  deactivated: 'neutral',
};

/** The board after a press on an expert: neutral, activated, deactivated, neutral. */
export function cycled(switches: Switches, expert: ExpertId): Board {
  return withSwitch(switches, expert, NEXT[switchState(switches, expert)]);
}
