import type { ExpertStatistic } from '../../core/statistics/expertStatistics.js';

const HEAD = ['rank', 'layer', 'expert', 'rate a', 'rate b', 'risk diff.', '95 % interval', 'q'];

/** The highest-ranked experts as lines of a table; toward says which side an expert speaks for. */
export function expertTable(
  ranked: readonly ExpertStatistic[],
  count: number,
  labels: Record<'a' | 'b', string>,
): string {
  const rows = ranked
    .slice(0, count)
    .map((expert, index) => [
      String(index + 1),
      String(expert.layer),
      String(expert.expert),
      expert.rateA.toFixed(3),
      expert.rateB.toFixed(3),
      signed(expert.riskDifference),
      `[${signed(expert.low)}, ${signed(expert.high)}]`,
      expert.q < 0.001 ? '<0.001' : expert.q.toFixed(3),
      expert.riskDifference > 0 ? labels.a : expert.riskDifference < 0 ? labels.b : '',
    ]);
  return alignRight([[...HEAD, 'speaks for'], ...rows]);
}

export function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** Columns of equal width, numbers to the right; the last column stands to the left. */
export function alignRight(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column]!)));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
