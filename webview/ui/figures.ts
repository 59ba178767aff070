import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ExpertId } from '../../src/core/plans/plan.js';

/** "L3·E17": llama.cpp's block number and the expert's index in that block. */
export function expertName({ layer, expert }: ExpertId): string {
  return `L${layer}·E${expert}`;
}

/** A signed number with a true minus: "+0.86", "−0.74", "0.00". */
export function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** A rate in [0, 1] as "43.1 %". */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** "+0.81 to +0.91". */
export function interval({ low, high }: Pick<ExpertStatistic, 'low' | 'high'>): string {
  return `${signed(low)} to ${signed(high)}`;
}

export function qValue(q: number): string {
  if (q < 0.001) return 'q < 0.001';
  return `q = ${q >= 0.9995 ? '1' : q.toPrecision(2)}`;
}

export function thousands(count: number): string {
  // The first toLocaleString of a page loads a locale: 30 ms.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}
