import { statisticsOf } from '../../core/statistics/statisticsOf.js';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';

const LARGEST_Q = 0.05;

/** "demo · top |RD| 0.86 · 41 experts q<.05". */
export function listWords(file: ExpertsFile): string {
  const statistics = statisticsOf(file);
  const top = statistics.reduce((most, { riskDifference }) => Math.max(most, Math.abs(riskDifference)), 0);
  const sure = statistics.filter(({ q }) => q < LARGEST_Q).length;
  return `${file.model.name} · top |RD| ${top.toFixed(2)} · ${sure} ${sure === 1 ? 'expert' : 'experts'} q<.05`;
}
