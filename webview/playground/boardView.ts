import { planOfBoard, setByHand, stateIn, type Board } from '../../src/core/plans/board.js';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import type { ExpertsFile, ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ModelShape } from '../../src/core/model.js';
import type { Side } from '../../src/core/pairs/pair.js';
import type { ExpertId, SteeringPlan } from '../../src/core/plans/plan.js';
import { rankExperts } from '../../src/core/statistics/rankExperts.js';
import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';
import type { SwitchState } from '../ui/words.js';

/** A list of experts with what is worked out from it once, however many snapshots carry it. */
export interface RankedList {
  key: string;
  /** Layer by layer, as in the file. */
  statistics: ExpertStatistic[];
  ranked: ExpertStatistic[];
  labels: Record<Side, string>;
}

/** The board with all that the switchboard shows of it. */
export interface BoardView {
  board: Board;
  shape: ModelShape;
  list: RankedList | null;
  plan: SteeringPlan;
}

/** Reads a snapshot's list; snapshots are copies, so a list is known by what stands in it, not by identity. */
export function rankedLists(): (list: PlaygroundSnapshot['list']) => RankedList | null {
  let last: RankedList | null = null;
  return (list) => {
    if (!list) return (last = null);
    const key = listKey(list.fileName, list.file);
    if (last?.key === key) return last;
    const statistics = statisticsOf(list.file);
    return (last = { key, statistics, ranked: rankExperts(statistics), labels: list.file.labels });
  };
}

function listKey(fileName: string, { name, labels, model, pairs, options, tokens }: ExpertsFile): string {
  return JSON.stringify([fileName, name, labels, model.fingerprint.tensors, pairs, options, tokens]);
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
  return { board, shape, list, plan: planOfBoard(board, list?.statistics ?? [], shape).plan };
}

/** What a switch shows: what was set by hand, even where the layer has no room for it; else the plan's choice. */
export function switchState({ board, plan }: Pick<BoardView, 'board' | 'plan'>, expert: ExpertId): SwitchState {
  return handState(board, expert) ?? stateIn(plan, expert);
}

export function handState(board: Board, { layer, expert }: ExpertId): SwitchState | null {
  return board.byHand.find((hand) => hand.layer === layer && hand.expert === expert)?.state ?? null;
}

/** An expert that is set to be activated and is not, because its layer has no room. */
export function hasNoRoom(view: BoardView, expert: ExpertId): boolean {
  return switchState(view, expert) === 'activated' && stateIn(view.plan, expert) !== 'activated';
}

/** The board with one switch set. Neutral by hand is kept only where the ranking would switch the expert. */
export function withSwitch(view: BoardView, { layer, expert: index }: ExpertId, state: SwitchState): Board {
  const expert = { layer, expert: index };
  const set = setByHand(view.board, expert, state);
  if (state !== 'neutral') return set;
  const byHand = set.byHand.slice(0, -1);
  const without = boardView({ ...set, byHand }, view.shape, view.list);
  return stateIn(without.plan, expert) === 'neutral' ? without.board : set;
}

const NEXT: Record<SwitchState, SwitchState> = {
  neutral: 'activated',
  activated: 'deactivated',
  deactivated: 'neutral',
};

/** The board after a click on an expert: neutral, activated, deactivated, neutral. */
export function cycled(view: BoardView, expert: ExpertId): Board {
  return withSwitch(view, expert, NEXT[switchState(view, expert)]);
}
