import type { ExpertsFile, ExpertStatistic } from './expertStatistics.js';

/** The statistics of every expert in a file, in the order of its columns: rates and risk difference from the counts. */
export function statisticsOf(file: ExpertsFile): ExpertStatistic[] {
  const { model, counts: columns, tokens, statistics } = file;
  return model.moeLayers.flatMap((layer, row) =>
    Array.from({ length: model.experts }, (_, expert): ExpertStatistic => {
      const i = row * model.experts + expert;
      const a = columns.a[i]!;
      const b = columns.b[i]!;
      const rateA = a / tokens.a;
      const rateB = b / tokens.b;
      const [low, high, q] = [statistics.low[i]!, statistics.high[i]!, statistics.q[i]!];
      return { layer, expert, a, b, rateA, rateB, riskDifference: rateA - rateB, low, high, q };
    }),
  );
}
