import type { Board } from '../../src/core/plans/board.js';
import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';

/**
 * How far the sliders of a board reach: as many experts as lean each way, and no more than 32 or a twentieth of all, so
 * that a hand can still set a small number.
 */
export function sliderReach(board: Board, statistics: readonly ExpertStatistic[]): { on: number; off: number } {
  const sign = board.toward === 'a' ? 1 : -1;
  const most = Math.max(32, Math.ceil(statistics.length / 20));
  let [on, off] = [0, 0];
  for (const statistic of statistics) {
    if (!isEligible(statistic, board)) continue;
    if (statistic.riskDifference * sign > 0) on++;
    if (statistic.riskDifference * sign < 0) off++;
  }
  return { on: Math.max(Math.min(on, most), board.on), off: Math.max(Math.min(off, most), board.off) };
}
