import type { Board } from '../../src/core/plans/board.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import type { ActivationsSnapshot, PairTokens } from '../../src/protocol/webview.js';
import { make, show } from '../ui/make.js';
import { tabs } from '../ui/tabs.js';
import { boardControls } from './boardControls.js';
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
  loadPair(pair: number, signal: AbortSignal): Promise<PairTokens>;
}

export interface Shown {
  view: ListView;
  state: ViewState;
  snapshot: ActivationsSnapshot;
}

/** The whole editor of a list: header, plan, charts or table, tokens. */
export function charts(actions: ChartActions) {
  const press = (expert: ExpertId): void => {
    actions.press(expert);
  };
  const head = header(actions);
  const board = boardControls((next) => {
    actions.setBoard(next);
  });
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
      actions.keep({ pair, tokensOpen: true });
    },
  });
  const drawing = make(
    'div',
    { class: 'drawing' },
    make('div', { class: 'left' }, map.element, shares.element),
    bars.element,
  );
  const figures = make('div', {}, table.element);
  const choice = tabs(
    'Show as',
    [
      { value: 'charts', label: 'Charts', element: drawing },
      { value: 'table', label: 'Table', element: figures },
    ],
    (tab) => {
      actions.keep({ tab });
    },
  );
  const element = make(
    'div',
    { class: 'charts' },
    head.element,
    board.element,
    choice.element,
    drawing,
    figures,
    tokens.element,
  );
  return {
    element,
    map,
    table,
    tokens,
    update({ view, state, snapshot }: Shown): void {
      show(element, true);
      head.update(view.file);
      board.update(view);
      choice.update(state.tab);
      // What a hidden tab shows is drawn when it is chosen.
      if (state.tab === 'charts') {
        map.update(view, state.quantity);
        bars.update(view, state.top);
        shares.update(view);
      } else table.update(view, state.sort);
      const { pairs, engine } = snapshot;
      tokens.update({ view, pairs, engine, pair: Math.min(state.pair, Math.max(0, pairs - 1)) });
    },
  };
}
