import type { Board } from '../../src/core/plans/board.js';
import type { Labels } from '../ui/words.js';
import type { BoardView } from './boardView.js';

export function sideLabels(list: { labels: Labels } | null): Labels {
  return list?.labels ?? { a: 'side a', b: 'side b' };
}

/** The plan of a board in words, for instance "toward digits +2 −2, 1 by hand". */
export function boardWords({ board, list, plan }: BoardView): string {
  const byHand = countByHand(board);
  if (plan.activated.length + plan.deactivated.length === 0) return 'no expert is switched';
  const soft = board.mode.kind === 'soft' ? `, soft ${board.mode.strength}` : '';
  if (!list) return `+${plan.activated.length} \u2212${plan.deactivated.length} by hand${soft}`;
  const hand = byHand === 0 ? '' : `, ${byHand} by hand`;
  return `toward ${list.labels[board.toward]} +${board.on} \u2212${board.off}${hand}${soft}`;
}

export function countByHand(board: Board): number {
  return board.byHand.length;
}
