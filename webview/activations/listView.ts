import { planOfBoard, type Board } from '../../src/core/plans/board.js';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import type { ExpertsFile, ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import type { DroppedExpert } from '../../src/core/plans/planToward.js';
import { rankExperts } from '../../src/core/statistics/rankExperts.js';
import type { Switches } from '../ui/switching.js';
import type { SwitchState } from '../ui/words.js';

/** A list of experts with what is worked out from it once, whatever the board. */
export interface ExpertList {
  file: ExpertsFile;
  /** Layer by layer, as in the file. */
  statistics: ExpertStatistic[];
  ranked: ExpertStatistic[];
}

/** A list seen through a board: what all charts draw. */
export interface ListView extends ExpertList, Switches {
  dropped: DroppedExpert[];
  /** What the plan does to an expert. */
  stateOf: (expert: ExpertId) => SwitchState;
}

export function expertList(file: ExpertsFile): ExpertList {
  const statistics = statisticsOf(file);
  return { file, statistics, ranked: rankExperts(statistics) };
}

export function listView(list: ExpertList, board: Board): ListView {
  // In rank order already: the plan's own sort has nothing left to do.
  const { plan, dropped } = planOfBoard(board, list.ranked, list.file.model);
  const states = new Map<string, SwitchState>();
  for (const state of ['activated', 'deactivated'] as const)
    for (const expert of plan[state]) states.set(keyOf(expert), state);
  return {
    ...list,
    board,
    plan,
    planOf: (of) => planOfBoard(of, list.ranked, list.file.model).plan,
    dropped,
    stateOf: (expert) => states.get(keyOf(expert)) ?? 'neutral',
  };
}

/** Share of the strongest fifth of all experts that each layer holds, by the side they lean to (paper, section 4). */
export function layerShares({ ranked, file }: ExpertList): { layer: number; a: number; b: number }[] {
  const top = ranked.slice(0, Math.ceil(ranked.length / 5)).filter(({ riskDifference }) => riskDifference !== 0);
  return file.model.moeLayers.map((layer) => {
    const here = top.filter((statistic) => statistic.layer === layer);
    const a = here.filter(({ riskDifference }) => riskDifference > 0).length;
    const all = Math.max(1, top.length);
    return { layer, a: a / all, b: (here.length - a) / all };
  });
}

function keyOf({ layer, expert }: ExpertId): string {
  return `${layer} ${expert}`;
}
