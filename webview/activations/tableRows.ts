import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import { percent, signed, thousands } from '../ui/figures.js';
import type { Labels } from '../ui/words.js';
import type { ListView } from './listView.js';
import type { Column, ViewState } from './viewState.js';

const STATE_ORDER = { activated: 2, deactivated: 1, neutral: 0 };

export const COLUMNS: readonly {
  column: Column;
  head: (labels: Labels) => string;
  text: (statistic: ExpertStatistic) => string;
}[] = [
  { column: 'layer', head: () => 'Layer', text: ({ layer }) => `L${layer}` },
  { column: 'expert', head: () => 'Expert', text: ({ expert }) => `E${expert}` },
  { column: 'a', head: ({ a }) => `Tokens ${a}`, text: ({ a }) => thousands(a) },
  { column: 'rateA', head: ({ a }) => `Rate ${a}`, text: ({ rateA }) => percent(rateA) },
  { column: 'b', head: ({ b }) => `Tokens ${b}`, text: ({ b }) => thousands(b) },
  { column: 'rateB', head: ({ b }) => `Rate ${b}`, text: ({ rateB }) => percent(rateB) },
  { column: 'riskDifference', head: () => 'Difference', text: ({ riskDifference }) => signed(riskDifference, 3) },
  { column: 'low', head: () => '95 % from', text: ({ low }) => signed(low, 3) },
  { column: 'high', head: () => 'to', text: ({ high }) => signed(high, 3) },
  { column: 'q', head: () => 'q-value', text: ({ q }) => (q < 0.0001 ? '< 0.0001' : q.toFixed(4)) },
  { column: 'state', head: () => 'Plan', text: () => '' },
];

/** The experts that the filter lets through, sorted; the difference sorts by its size, as the ranking does. */
export function tableRows(view: ListView, { column, descending }: ViewState['sort']): ExpertStatistic[] {
  const rows = view.ranked.filter((statistic) => isEligible(statistic, view.board));
  const value = (statistic: ExpertStatistic): number => {
    if (column === 'state') return STATE_ORDER[view.stateOf(statistic)];
    return column === 'riskDifference' ? Math.abs(statistic.riskDifference) : statistic[column];
  };
  const direction = descending ? -1 : 1;
  return rows.sort((one, other) => direction * (value(one) - value(other)));
}
