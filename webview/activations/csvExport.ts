import { expertName } from '../ui/figures.js';
import type { ListView } from './listView.js';

const HEAD = 'layer,expert,selected_a,selected_b,rate_a,rate_b,risk_difference,low,high,q,state';

/** The switched experts in rank order with their figures, for a spreadsheet or a note: tab-separated, with a head. */
export function selectedAsText({ ranked, stateOf, file }: Pick<ListView, 'ranked' | 'stateOf' | 'file'>): string {
  const { labels, tokens } = file;
  const head = `expert\tstate\t${labels.a} of ${tokens.a}\t${labels.b} of ${tokens.b}\tdifference\t95 % from\tto\tq`;
  const lines = ranked
    .filter((expert) => stateOf(expert) !== 'neutral')
    .map((expert) => {
      const { a, b, riskDifference, low, high, q } = expert;
      return [expertName(expert), stateOf(expert), a, b, riskDifference.toFixed(4), low, high, q].join('\t');
    });
  return `${[head, ...lines].join('\n')}\n`;
}

/** Every expert in the order of the file, whatever the filter: figures and fixed column names only. */
export function toCsv({ statistics, stateOf }: Pick<ListView, 'statistics' | 'stateOf'>): string {
  const lines = statistics.map((statistic) => {
    const { layer, expert, a, b, rateA, rateB, riskDifference, low, high, q } = statistic;
    const figures = [rateA, rateB, riskDifference].map((value) => Number(value.toPrecision(10)));
    return [layer, expert, a, b, ...figures, low, high, q, stateOf(statistic)].join(',');
  });
  return `${[HEAD, ...lines].join('\n')}\n`;
}
