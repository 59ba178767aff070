import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { counted } from '../ui/figures.js';
import { make, setAttribute, setText } from '../ui/make.js';
import type { ListView } from './listView.js';
import { stateButton } from './stateButton.js';
import { COLUMNS, tableRows } from './tableRows.js';
import type { ViewState } from './viewState.js';

/** Pixels; stands in activations.css too. */
const ROW = 24;
const BEYOND = 8;

/** All experts in figures. Only the rows in sight are elements, so that 6,144 stay quick. */
export function expertTable(actions: {
  press(expert: ExpertId): void;
  sort(sort: ViewState['sort']): void;
  scrolled(top: number): void;
}) {
  let rows: ExpertStatistic[] = [];
  let view: ListView | null = null;
  let sort: ViewState['sort'] = { column: 'riskDifference', descending: true };
  const heads = COLUMNS.map((definition) => {
    const button = make('button', { type: 'button', class: 'plain' });
    button.addEventListener('click', () => {
      const again = sort.column === definition.column;
      actions.sort({ column: definition.column, descending: again ? !sort.descending : true });
    });
    return { ...definition, button, cell: make('th', { scope: 'col' }, button) };
  });
  const above = make('tr', { class: 'spacer', 'aria-hidden': 'true' }, make('td', { colspan: COLUMNS.length }));
  const below = make('tr', { class: 'spacer', 'aria-hidden': 'true' }, make('td', { colspan: COLUMNS.length }));
  const body = make('tbody', {}, above, below);
  const table = make(
    'table',
    { class: 'experts' },
    make('thead', {}, make('tr', {}, ...heads.map(({ cell }) => cell))),
    body,
  );
  const scroller = make('div', {
    class: 'table-scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Table of experts',
  });
  scroller.append(table);
  const note = make('p', { class: 'dim' });
  const lines: ReturnType<typeof line>[] = [];

  function draw(): void {
    if (!view) return;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - BEYOND);
    const last = Math.min(rows.length, first + Math.ceil((scroller.clientHeight || 600) / ROW) + 2 * BEYOND);
    while (lines.length < last - first) lines.push(line(actions.press.bind(actions)));
    lines.forEach((each, i) => {
      const statistic = i < last - first ? rows[first + i] : undefined;
      if (!statistic) {
        each.element.remove();
        return;
      }
      each.update(statistic, view!, first + i + 2);
      if (each.element.nextSibling === null || !each.element.isConnected) body.insertBefore(each.element, below);
    });
    (above.firstChild as HTMLElement).style.height = `${first * ROW}px`;
    (below.firstChild as HTMLElement).style.height = `${(rows.length - last) * ROW}px`;
  }

  let due = 0;
  scroller.addEventListener('scroll', () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => {
      draw();
      actions.scrolled(scroller.scrollTop);
    });
  });
  new ResizeObserver(draw).observe(scroller);

  return {
    element: make('section', { 'aria-label': 'Table' }, note, scroller),
    update(next: ListView, nextSort: ViewState['sort']): void {
      view = next;
      sort = nextSort;
      rows = tableRows(next, sort);
      for (const { column, head, button, cell } of heads) {
        const chosen = column === sort.column;
        setText(button, `${head(next.file.labels)}${chosen ? (sort.descending ? ' ↓' : ' ↑') : ''}`);
        setAttribute(cell, 'aria-sort', chosen && (sort.descending ? 'descending' : 'ascending'));
      }
      setAttribute(table, 'aria-rowcount', rows.length + 1);
      const hidden = next.statistics.length - rows.length;
      setText(note, counted(rows.length, 'expert') + (hidden > 0 ? `; the filter leaves out ${hidden}` : ''));
      draw();
    },
    scrollTo(top: number): void {
      scroller.scrollTop = top;
    },
  };
}

function line(press: (expert: ExpertId) => void) {
  const state = stateButton(press);
  const cells = COLUMNS.map(({ column }) => make('td', { class: column === 'state' ? '' : 'figure' }));
  cells.at(-1)!.append(state.element);
  return {
    element: make('tr', {}, ...cells),
    update(statistic: ExpertStatistic, view: ListView, index: number): void {
      setAttribute(this.element, 'aria-rowindex', index);
      COLUMNS.forEach(({ column, text }, i) => {
        if (column !== 'state') setText(cells[i]!, text(statistic));
      });
      state.update(statistic, view.stateOf(statistic));
      this.element.dataset['state'] = view.stateOf(statistic);
    },
  };
}
