import { expertName } from '../ui/figures.js';
import { hoverFacts } from '../ui/hoverFacts.js';
import { make, setAttribute, setText, show } from '../ui/make.js';
import { STATE_SIGNS, type SwitchState } from '../ui/words.js';
import { withSwitch } from '../ui/switching.js';
import type { BoardView } from './boardView.js';
import { expertRows, type ExpertRow } from './topExperts.js';
import type { Actions, Shown } from './viewState.js';

const STATES: readonly { state: SwitchState; text: string; name: string }[] = [
  { state: 'deactivated', text: `${STATE_SIGNS.deactivated} off`, name: 'off: deactivated' },
  { state: 'neutral', text: STATE_SIGNS.neutral, name: 'neutral' },
  { state: 'activated', text: `on ${STATE_SIGNS.activated}`, name: 'on: activated' },
];

interface Toggle {
  element: HTMLElement;
  shows(): ExpertRow;
  update(row: ExpertRow): void;
}

/** The list of top experts, each with a switch of three states. */
export function expertToggles(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  const list = make('ul', { class: 'toggles' });
  const box = make('div', { class: 'toggles-box' }, list);
  const more = make('button', { type: 'button', class: 'plain' }, 'Show more');
  const heading = make('h2', {}, 'Top experts');
  const element = make('section', { 'aria-label': 'Top experts' }, heading, box, more);
  const toggles = new Map<string, Toggle>();
  hoverFacts(box, 'li', (element) => {
    const row = [...toggles.values()].find((toggle) => toggle.element === element)?.shows();
    return row ? (row.figures?.facts ?? [expertName(row), 'no figures without a list']) : null;
  });
  let view: BoardView | null = null;
  let top = 0;
  more.addEventListener('click', () => {
    actions.keep({ top: actions.state.top + 12 });
    actions.redraw();
  });
  const change = (row: ExpertRow, state: SwitchState): void => {
    if (view) actions.setBoard(withSwitch(view, row, state));
  };

  return {
    element,
    update(shown) {
      if (view && view === shown.view && top === actions.state.top) return;
      view = shown.view;
      top = actions.state.top;
      const rows = view ? expertRows(view, top) : [];
      setText(heading, view?.list ? 'Top experts' : 'Experts set by hand');
      show(element, rows.length > 0);
      show(more, view?.list !== null && top < (view?.list?.ranked.length ?? 0));
      const keys = new Set(rows.map(({ key }) => key));
      for (const [key, toggle] of toggles) {
        if (keys.has(key)) continue;
        toggle.element.remove();
        toggles.delete(key);
      }
      rows.forEach((row, i) => {
        let toggle = toggles.get(row.key);
        if (!toggle) toggles.set(row.key, (toggle = expertToggle(row, change)));
        // Moving an element takes the focus from it, so one that stands right stays.
        if (list.children[i] !== toggle.element) list.insertBefore(toggle.element, list.children[i] ?? null);
        toggle.update(row);
      });
    },
  };
}

function expertToggle(row: ExpertRow, change: (row: ExpertRow, state: SwitchState) => void): Toggle {
  const figure = make('span', { class: 'figure' });
  const interval = make('span', { class: 'dim interval' });
  const note = make('span', { class: 'dim note' });
  const group = make('span', { class: 'three-state', role: 'radiogroup' });
  const inputs = STATES.map(({ state, text, name }) => {
    const input = make('input', { type: 'radio', name: `expert-${row.key}`, value: state, 'aria-label': name });
    input.addEventListener('change', () => {
      change(row, state);
    });
    group.append(make('label', { class: state }, input, make('span', { 'aria-hidden': 'true' }, text)));
    return { state, input };
  });
  const element = make('li', {}, make('span', { class: 'name' }, expertName(row)), figure, interval, note, group);
  let shown = row;
  return {
    element,
    shows: () => shown,
    update(next) {
      shown = next;
      const { state, byHand, noRoom, figures } = next;
      const facts = figures?.facts.slice(1) ?? ['no figures'];
      const room = noRoom ? ['no room in its layer'] : [];
      setAttribute(group, 'aria-label', [expertName(row), ...room, ...facts].join(', '));
      setText(figure, figures?.riskDifference ?? '');
      setAttribute(figure, 'class', `figure ${figures ? `side-${figures.leansTo}` : ''}`);
      setText(interval, figures?.interval ?? '');
      setText(note, noRoom ? 'no room' : byHand && figures ? 'by hand' : '');
      for (const each of inputs) each.input.checked = each.state === state;
    },
  };
}
