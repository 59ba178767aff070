import type { ExpertStatistic } from './expertStatistics.js';

/** By |risk difference| over all layers together, largest first (paper, section 3.2); ties by layer, then expert. */
export function rankExperts<T extends Pick<ExpertStatistic, 'layer' | 'expert' | 'riskDifference'>>(
  statistics: readonly T[],
): T[] {
  return [...statistics].sort(
    (x, y) => Math.abs(y.riskDifference) - Math.abs(x.riskDifference) || x.layer - y.layer || x.expert - y.expert,
  );
}
