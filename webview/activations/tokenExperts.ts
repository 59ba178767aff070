import type { ExpertId } from '../../src/core/plans/plan.js';
import type { TokenRow } from '../../src/protocol/webview.js';
import { expertName, signed } from '../ui/figures.js';
import { make } from '../ui/make.js';
import { STATE_SIGNS } from '../ui/words.js';
import type { ListView } from './listView.js';
import { expertsOf } from './tokenTint.js';

/** The experts that one token selected, a row a layer, layers upward; a press on one goes to its next state. */
export function tokenExperts(press: (expert: ExpertId) => void) {
  const title = make('h3');
  const list = make('div', { class: 'token-experts', role: 'list' });
  const element = make('div', { class: 'opened-token' }, title, list);
  return {
    element,
    update(row: TokenRow, token: number, view: ListView): void {
      const { model } = view.file;
      const from = row.target.from + token;
      const text = JSON.stringify(row.text.slice(row.start[from], row.end[from]));
      title.replaceChildren(
        make('span', { class: 'code' }, text),
        ' selected these experts, highest first; dots mark them in the heat map',
      );
      list.replaceChildren(
        ...expertsOf(row, token, model)
          .reverse()
          .map(({ layer, experts }) =>
            make(
              'div',
              { role: 'listitem' },
              make('span', { class: 'name' }, `L${layer}`),
              ...experts.map((expert) => expertChip({ layer, expert }, view, press)),
            ),
          ),
      );
    },
  };
}

function expertChip(expert: ExpertId, view: ListView, press: (expert: ExpertId) => void): HTMLElement {
  const { model } = view.file;
  const statistic = view.statistics[model.moeLayers.indexOf(expert.layer) * model.experts + expert.expert];
  const state = view.stateOf(expert);
  const sign = state === 'neutral' ? '' : ` ${STATE_SIGNS[state]}`;
  const difference = statistic?.riskDifference ?? 0;
  const name = `${expertName(expert)} ${signed(difference)}, ${state}, press to switch`;
  const chip = make(
    'button',
    { type: 'button', class: 'plain chip', 'aria-label': name },
    `E${expert.expert}${sign} `,
    make(
      'span',
      { class: Math.abs(difference) < 0.005 ? 'dim' : `side-${difference > 0 ? 'a' : 'b'}` },
      signed(difference),
    ),
  );
  chip.dataset['state'] = state;
  chip.addEventListener('click', () => {
    press(expert);
  });
  return chip;
}
