import { statisticsOf } from '../../core/statistics/statisticsOf.js';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';

const LARGEST_Q = 0.05;

/** "top |RD| 0.86 · 41 experts q<.05 · demo": what tells lists apart stands where a narrow view still shows it. */
export function listWords(file: ExpertsFile): string {
  const statistics = statisticsOf(file);
  const top = statistics.reduce((most, { riskDifference }) => Math.max(most, Math.abs(riskDifference)), 0);
  const sure = statistics.filter(({ q }) => q < LARGEST_Q).length;
  return `top |RD| ${top.toFixed(2)} · ${sure} ${sure === 1 ? 'expert' : 'experts'} q<.05 · ${file.model.name}`;
}
