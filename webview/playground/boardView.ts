import { planOfBoard, type Board } from '../../src/core/plans/board.js';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import type { ExpertsFile, ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ModelShape } from '../../src/core/model.js';
import type { Side } from '../../src/core/pairs/pair.js';
import { rankExperts } from '../../src/core/statistics/rankExperts.js';
import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';
import type { Switches } from '../ui/switching.js';

/** A list of experts with what is worked out from it once, however many snapshots carry it. */
export interface RankedList {
  /** Layer by layer, as in the file. */
  statistics: ExpertStatistic[];
  ranked: ExpertStatistic[];
  labels: Record<Side, string>;
  /** Target tokens of each side. */
  tokens: Record<Side, number>;
}

/** The board with all that the switchboard shows of it. */
export interface BoardView extends Switches {
  shape: ModelShape;
  list: RankedList | null;
}

/** Reads a snapshot's list, once: it is the same object until the host sends another. */
export function rankedLists(): (list: PlaygroundSnapshot['list']) => RankedList | null {
  let last: { of: PlaygroundSnapshot['list']; list: RankedList | null } = { of: null, list: null };
  return (of) => {
    if (last.of !== of) last = { of, list: of && rankedList(of.file) };
    return last.list;
  };
}

function rankedList(file: ExpertsFile): RankedList {
  const statistics = statisticsOf(file);
  return { statistics, ranked: rankExperts(statistics), labels: file.labels, tokens: file.tokens };
}

/** The shape that the switchboard is drawn in: the list's, else the model's; null where there is neither. */
export function shapeOf({ model, list }: Pick<PlaygroundSnapshot, 'model' | 'list'>): ModelShape | null {
  if (list) return list.file.model;
  return model && { ...model, architecture: '', layers: Math.max(...model.moeLayers) + 1 };
}

/** As boardView, but gives the same object again while nothing of it has changed: answers stream by many snapshots. */
export function boardViews(): (board: Board, shape: ModelShape | null, list: RankedList | null) => BoardView | null {
  let last: { key: string; list: RankedList | null; view: BoardView } | null = null;
  return (board, shape, list) => {
    if (!shape) return (last = null);
    const { moeLayers, experts, expertsPerToken } = shape;
    const key = JSON.stringify([board, moeLayers, experts, expertsPerToken]);
    if (last?.key !== key || last.list !== list) last = { key, list, view: boardView(board, shape, list) };
    return last.view;
  };
}

export function boardView(board: Board, shape: ModelShape, list: RankedList | null): BoardView {
  // In rank order already: the plan's own sort has nothing left to do.
  const planOf = (of: Board) => planOfBoard(of, list?.ranked ?? [], shape).plan;
  return { board, shape, list, plan: planOf(board), planOf };
}
