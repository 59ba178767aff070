import type { Board } from '../../src/core/plans/board.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import type { ActivationsSnapshot, PairTokens } from '../../src/protocol/webview.js';
import { make, show } from '../ui/make.js';
import { planControls } from '../ui/planControls.js';
import { sliderReach } from '../ui/sliderReach.js';
import { tabs } from '../ui/tabs.js';
import { droppedNote } from './dropped.js';
import { expertTable } from './expertTable.js';
import { header, type HeaderActions } from './header.js';
import { layerSharesChart } from './layerShares.js';
import type { ListView } from './listView.js';
import { mapPanel } from './mapPanel.js';
import { ranking } from './ranking.js';
import { tokensPanel } from './tokensPanel.js';
import type { ViewState } from './viewState.js';

export interface ChartActions extends HeaderActions {
  setBoard(board: Board): void;
  press(expert: ExpertId): void;
  keep(part: Partial<ViewState>): void;
  redraw(): void;
  loadPair(pair: number, signal: AbortSignal): Promise<PairTokens>;
}

export interface Shown {
  view: ListView;
  state: ViewState;
  snapshot: ActivationsSnapshot;
}

/**
 * The whole editor of a list: header and plan; the heat map with the ranking or the tokens beside it (in a narrow column
 * below it); or the table.
 */
export function charts(actions: ChartActions, first: ViewState) {
  const press = (expert: ExpertId): void => {
    actions.press(expert);
  };
  const head = header(actions);
  const plan = planControls(
    (next) => {
      actions.setBoard(next);
    },
    {
      open: first.moreOpen,
      keep: (moreOpen) => {
        actions.keep({ moreOpen });
      },
    },
  );
  const dropped = droppedNote();
  const map = mapPanel({
    press,
    setQuantity: (quantity) => {
      actions.keep({ quantity });
    },
  });
  const bars = ranking({
    press,
    showTop: (top) => {
      actions.keep({ top });
    },
  });
  const shares = layerSharesChart();
  const table = expertTable({
    press,
    sort: (sort) => {
      actions.keep({ sort });
    },
    scrolled: (tableScroll) => {
      actions.keep({ tableScroll });
    },
  });
  const tokens = tokensPanel({
    press,
    load: (pair, signal) => actions.loadPair(pair, signal),
    choose: (pair) => {
      actions.keep({ pair });
    },
    opened: () => {
      actions.redraw();
    },
  });
  const panels = {
    charts: make('div', {}, bars.element),
    tokens: make('div', {}, tokens.element),
    table: make('div', {}, table.element),
  };
  const left = make('div', { class: 'left' }, map.element, shares.element);
  const drawing = make('div', { class: 'drawing' }, left, make('div', { class: 'right' }, ...Object.values(panels)));
  const choice = tabs(
    'Show',
    [
      { value: 'charts', label: 'Charts', element: panels.charts },
      { value: 'tokens', label: 'Tokens', element: panels.tokens },
      { value: 'table', label: 'Table', element: panels.table },
    ],
    (tab) => {
      actions.keep({ tab });
    },
  );
  const element = make(
    'div',
    { class: 'charts' },
    head.element,
    plan.element,
    dropped.element,
    choice.element,
    drawing,
  );
  return {
    element,
    table,
    update({ view, state, snapshot }: Shown): void {
      show(element, true);
      const { file, board } = view;
      head.update(file);
      const reach = sliderReach(board, view.statistics);
      plan.update({ board, moeLayers: file.model.moeLayers, reach, labels: file.labels });
      dropped.update(view);
      choice.update(state.tab);
      drawing.dataset['tab'] = state.tab;
      show(left, state.tab !== 'table');
      show(shares.element, state.tab === 'charts');
      const { pairs, engine } = snapshot;
      tokens.update(
        { view, pairs, engine, pair: Math.min(state.pair, Math.max(0, pairs - 1)) },
        state.tab === 'tokens',
      );
      // What a hidden tab shows is drawn when it is chosen.
      if (state.tab === 'table') {
        table.update(view, state.sort);
        return;
      }
      map.update(view, state.quantity, state.tab === 'tokens' ? tokens.experts() : []);
      if (state.tab === 'tokens') return;
      bars.update(view, state.top);
      shares.update(view);
    },
  };
}
