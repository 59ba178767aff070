import { expertGrid } from '../ui/expertGrid.js';
import { expertName } from '../ui/figures.js';
import { expertFacts, STATE_SIGNS } from '../ui/words.js';
import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { cycled, hasNoRoom, switchState } from '../ui/switching.js';
import type { BoardView, RankedList } from './boardView.js';
import { sideLabels } from './boardWords.js';
import type { Actions, Shown } from './viewState.js';

/** The shared heat map as a switchboard: choosing an expert sets it to its next state. */
export function switchHeatMap(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  let view: BoardView | null = null;
  let figures: { list: RankedList | null; length: number; values: Float32Array; strongest: number } | null = null;
  const grid = expertGrid({
    name: 'Switchboard',
    onChoose(expert) {
      if (view) actions.setBoard(cycled(view, expert));
    },
  });

  const figuresOf = ({ list, shape }: BoardView) => {
    const length = shape.moeLayers.length * shape.experts;
    if (figures?.list === list && figures.length === length) return figures;
    const values = Float32Array.from({ length }, (_, i) => list?.statistics[i]?.riskDifference ?? 0);
    const strongest = Math.abs(list?.ranked[0]?.riskDifference ?? 0) || 1;
    return (figures = { list, length, values, strongest });
  };
  return {
    element: grid.element,
    update(shown) {
      if (!shown.view || shown.view === view) return;
      view = shown.view;
      const { board, shape, plan, list } = view;
      const { values, strongest } = figuresOf(view);
      const faint = list && Uint8Array.from(list.statistics, (statistic) => (isEligible(statistic, board) ? 0 : 1));
      grid.update({
        moeLayers: shape.moeLayers,
        experts: shape.experts,
        values,
        scale: { kind: 'sides', strongest },
        labels: sideLabels(list),
        plan,
        ...(faint && { faint }),
        facts: (expert) => facts(view!, expert),
      });
    },
  };
}

function facts(view: BoardView, expert: ExpertId): string[] {
  const { list, shape } = view;
  const state = switchState(view, expert);
  const statistic = list?.statistics[shape.moeLayers.indexOf(expert.layer) * shape.experts + expert.expert];
  const sign = state === 'neutral' ? ' neutral' : ` ${STATE_SIGNS[state]} ${state}`;
  const lines = statistic ? expertFacts(statistic, state, list) : [expertName(expert) + sign];
  return hasNoRoom(view, expert) ? [...lines, 'its layer has no room for it'] : lines;
}
