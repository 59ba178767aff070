import type { HandSet } from '../../src/core/plans/board.js';
import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { Side } from '../../src/core/pairs/pair.js';
import { expertName, interval, percent, qValue, signed, thousands } from './figures.js';

export type SwitchState = HandSet['state'];
export type Labels = Record<Side, string>;

/** The states where there is little room. */
export const STATE_WORDS: Record<SwitchState, string> = { activated: 'on', deactivated: 'off', neutral: '' };

/** Signs beside every colour that says the same. */
export const STATE_SIGNS: Record<SwitchState, string> = { activated: '▲', deactivated: '▽', neutral: '·' };

/** All that is known of one expert, a fact a line; the first names it. Serves tooltips and screen readers alike. */
export function expertFacts(
  statistic: ExpertStatistic,
  state: SwitchState,
  { labels, tokens }: { labels: Labels; tokens: Record<Side, number> },
): string[] {
  const { a, b, rateA, rateB, riskDifference, q } = statistic;
  const rate = (side: Side, count: number, share: number): string =>
    `${labels[side]}: selected by ${thousands(count)} of ${thousands(tokens[side])} tokens, ${percent(share)}`;
  return [
    state === 'neutral' ? expertName(statistic) : `${expertName(statistic)} ${STATE_SIGNS[state]} ${state}`,
    rate('a', a, rateA),
    rate('b', b, rateB),
    `difference ${signed(riskDifference)}, 95 % interval ${interval(statistic)}`,
    `${qValue(q)}${riskDifference === 0 ? '' : `, leans to ${labels[riskDifference > 0 ? 'a' : 'b']}`}`,
  ];
}
