import type { Board } from '../../src/core/plans/board.js';
import { planWords } from '../../src/core/plans/planWords.js';
import type { Labels } from '../ui/words.js';
import type { BoardView } from './boardView.js';

export function sideLabels(list: { labels: Labels } | null): Labels {
  return list?.labels ?? { a: 'side a', b: 'side b' };
}

/** The plan of a board in words. */
export function boardWords({ board, list, plan }: BoardView): string {
  return planWords(board, plan, list?.labels);
}

export function countByHand(board: Board): number {
  return board.byHand.length;
}
