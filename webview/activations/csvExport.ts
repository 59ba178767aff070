import type { ListView } from './listView.js';

const HEAD = 'layer,expert,selected_a,selected_b,rate_a,rate_b,risk_difference,low,high,q,state';

/** Every expert in the order of the file, whatever the filter: figures and fixed column names only. */
export function toCsv({ statistics, stateOf }: Pick<ListView, 'statistics' | 'stateOf'>): string {
  const lines = statistics.map((statistic) => {
    const { layer, expert, a, b, rateA, rateB, riskDifference, low, high, q } = statistic;
    const figures = [rateA, rateB, riskDifference].map((value) => Number(value.toPrecision(10)));
    return [layer, expert, a, b, ...figures, low, high, q, stateOf(statistic)].join(',');
  });
  return `${[HEAD, ...lines].join('\n')}\n`;
}
