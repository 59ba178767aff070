import { planOfBoard, type Board } from '../../core/plans/board.js';
import { statisticsOf } from '../../core/statistics/statisticsOf.js';
import type { ExpertsFile, ExpertStatistic } from '../../core/statistics/expertStatistics.js';
import type { ModelShape } from '../../core/model.js';
import { EMPTY_PLAN, type SteeringPlan } from '../../core/plans/plan.js';
import { planKey } from '../../core/plans/planKey.js';
import { planWords } from '../../core/plans/planWords.js';
import { droppedWords } from './droppedWords.js';

export interface BoardPlan {
  plan: SteeringPlan;
  key: string;
  words: string;
  dropped: string[];
}

/** The plan that a board stands for; worked out again only when the board, the list or the model is another one. */
export class BoardPlanner {
  private of: { board: string; file: ExpertsFile | undefined; shape: ModelShape | null } | undefined;
  private plan: BoardPlan | undefined;
  private statistics: { file: ExpertsFile; rows: ExpertStatistic[] } | undefined;

  get(board: Board, file: ExpertsFile | undefined, model: ModelShape | null): BoardPlan {
    const shape = file?.model ?? model;
    const { of } = this;
    // The store gives a copy each time.
    const text = JSON.stringify(board);
    if (this.plan && of?.board === text && of.file === file && of.shape === shape) return this.plan;
    this.of = { board: text, file, shape };
    this.plan = this.make(board, file, shape);
    return this.plan;
  }

  private make(board: Board, file: ExpertsFile | undefined, shape: ModelShape | null): BoardPlan {
    if (!shape) return { plan: EMPTY_PLAN, key: planKey(EMPTY_PLAN), words: 'no expert is switched', dropped: [] };
    const { plan, dropped } = planOfBoard(board, this.rows(file), shape);
    return {
      plan,
      key: planKey(plan),
      words: planWords(board, plan, file?.labels),
      dropped: droppedWords(dropped, shape.expertsPerToken),
    };
  }

  private rows(file: ExpertsFile | undefined): ExpertStatistic[] {
    if (!file) return [];
    if (this.statistics?.file !== file) this.statistics = { file, rows: statisticsOf(file) };
    return this.statistics.rows;
  }
}
