import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertStatistic } from '../../src/core/statistics/expertStatistics.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { counted, expertName, signed } from '../ui/figures.js';
import { hoverFacts } from '../ui/hoverFacts.js';
import { make, setText, show } from '../ui/make.js';
import { roving } from '../ui/roving.js';
import { button } from '../ui/toolkit.js';
import { expertFacts } from '../ui/words.js';
import type { ListView } from './listView.js';
import { stateButton } from './stateButton.js';

const STEP = 15;

/**
 * The strongest experts as bars with their intervals, those that the filter lets through. Their switches are one stop of
 * the Tab key.
 */
export function ranking(actions: { press(expert: ExpertId): void; showTop(count: number): void }) {
  const list = make('ol', { class: 'bars' });
  const none = make('p', { class: 'dim' }, 'No expert passes this filter. Allow a larger q-value or more layers.');
  const axis = make('div', { class: 'bar-axis dim', 'aria-hidden': 'true' });
  const note = make('span', { class: 'dim' });
  let shown = 0;
  let shownView: ListView | null = null;
  const more = button({
    label: 'Show more',
    name: 'Show more of the ranking',
    onClick: () => {
      actions.showTop(shown + STEP);
    },
  });
  const rows: ReturnType<typeof row>[] = [];
  const switches = roving(list, '.state');
  const bars = make('div', { class: 'bars-box' }, axis, list);
  hoverFacts(bars, 'li', (element) => {
    const statistic = rows.find((each) => each.element === element)?.shows();
    return statistic && shownView ? expertFacts(statistic, shownView.stateOf(statistic), shownView.file) : null;
  });
  const element = make(
    'section',
    { class: 'ranking', 'aria-label': 'Ranking' },
    make('div', { class: 'section-head' }, make('h2', {}, 'Ranking'), note),
    bars,
    none,
    more,
  );
  return {
    element,
    update(view: ListView, top: number): void {
      shownView = view;
      const passing = view.ranked.filter((statistic) => isEligible(statistic, view.board));
      const experts = passing.slice(0, top);
      shown = experts.length;
      const reach = Math.min(
        1,
        Math.ceil(experts.reduce((far, { low, high }) => Math.max(far, -low, high), 0.05) * 10) / 10,
      );
      while (rows.length < experts.length) rows.push(row(actions.press.bind(actions)));
      // Rows stand in their places: to move them would take the focus from a button that was just pressed.
      for (const [i, { element }] of rows.entries())
        if (i >= experts.length) element.remove();
        else if (!element.isConnected) list.append(element);
      switches.refresh();
      experts.forEach((statistic, i) => {
        rows[i]!.update(statistic, view, reach);
      });
      axis.replaceChildren(...[-reach, 0, reach].map((tick) => make('span', {}, signed(tick, 1))));
      show(axis, experts.length > 0);
      show(none, experts.length === 0);
      show(more, experts.length < passing.length);
      setText(note, `${counted(passing.length, 'expert')}, by the size of the difference, with 95 % intervals`);
    },
  };
}

/** One bar: from 0 to the risk difference, with its interval as a line. */
function row(press: (expert: ExpertId) => void) {
  const name = make('span', { class: 'name' });
  const figure = make('span', { class: 'figure' });
  const bar = make('span', { class: 'bar' });
  const whisker = make('span', { class: 'whisker' });
  const track = make('span', { class: 'track', role: 'img' }, bar, whisker);
  const state = stateButton(press);
  let shown: ExpertStatistic | null = null;
  return {
    element: make('li', {}, name, figure, track, state.element),
    shows: () => shown,
    update(statistic: ExpertStatistic, view: ListView, reach: number): void {
      shown = statistic;
      const { riskDifference, low, high } = statistic;
      const at = (value: number): number => 50 + (Math.max(-reach, Math.min(reach, value)) / reach) * 50;
      const place = (element: HTMLElement, from: number, to: number): void => {
        element.style.left = `${at(Math.min(from, to))}%`;
        element.style.width = `${Math.abs(at(to) - at(from))}%`;
      };
      place(bar, 0, riskDifference);
      place(whisker, low, high);
      const side = riskDifference >= 0 ? 'a' : 'b';
      bar.dataset['side'] = side;
      setText(name, expertName(statistic));
      setText(figure, signed(riskDifference));
      figure.className = `figure side-${side}`;
      track.setAttribute('aria-label', expertFacts(statistic, 'neutral', view.file).slice(1).join('; '));
      state.update(statistic, view.stateOf(statistic));
    },
  };
}
