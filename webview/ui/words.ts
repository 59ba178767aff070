import type { HandSet } from '../../src/core/plans/board.js';
import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { Side } from '../../src/core/pairs/pair.js';
import { expertName, interval, percent, qValue, signed } from './figures.js';

export type SwitchState = HandSet['state'];
export type Labels = Record<Side, string>;

/** Signs beside every colour that says the same. */
export const STATE_SIGNS: Record<SwitchState, string> = { activated: '▲', deactivated: '▽', neutral: '·' };

/** All that is known of one expert, a fact a line; the first names it. Serves tooltips and screen readers alike. */
export function expertFacts(statistic: ExpertStatistic, state: SwitchState, labels: Labels): string[] {
  const { rateA, rateB, riskDifference, q } = statistic;
  return [
    state === 'neutral' ? expertName(statistic) : `${expertName(statistic)} ${STATE_SIGNS[state]} ${state}`,
    `${labels.a}: selected for ${percent(rateA)} of tokens`,
    `${labels.b}: selected for ${percent(rateB)} of tokens`,
    `difference ${signed(riskDifference)}, 95 % interval ${interval(statistic)}`,
    `${qValue(q)}${riskDifference === 0 ? '' : `, leans to ${labels[riskDifference > 0 ? 'a' : 'b']}`}`,
  ];
}
