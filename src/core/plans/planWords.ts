import type { Side } from '../pairs/pair.js';
import type { Board } from './board.js';
import type { SteeringFile, SteeringMode, SteeringPlan } from './plan.js';

/** "+8 −4", with a true minus: how many experts are activated and deactivated. */
export function switchedWords(on: number, off: number): string {
  return `+${on} \u2212${off}`;
}

/** What a board does, for instance "toward digits +2 −2, 1 by hand". Without a list there are no labels. */
export function planWords(board: Board, plan: SteeringPlan, labels: Record<Side, string> | undefined): string {
  const { activated, deactivated } = plan;
  if (activated.length + deactivated.length === 0) return 'no expert is switched';
  const soft = softWords(board.mode);
  if (!labels) return `${switchedWords(activated.length, deactivated.length)} by hand${soft}`;
  const hand = board.byHand.length === 0 ? '' : `, ${board.byHand.length} by hand`;
  return `toward ${labels[board.toward]} ${switchedWords(board.on, board.off)}${hand}${soft}`;
}

/** What a saved plan does, for instance "toward digits +2 −2". */
export function planFileWords({ plan, origin }: SteeringFile): string {
  const toward = origin?.label ?? origin?.toward;
  const counts = switchedWords(plan.activated.length, plan.deactivated.length);
  return `${toward === undefined ? '' : `toward ${toward} `}${counts}${softWords(plan.mode)}`;
}

function softWords(mode: SteeringMode): string {
  return mode.kind === 'soft' ? `, soft ${mode.strength}` : '';
}
