import type { ExpertId } from '../../src/core/plans/plan.js';
import type { TokenRow } from '../../src/protocol/webview.js';
import { expertName, signed } from '../ui/figures.js';
import { hoverFacts } from '../ui/hoverFacts.js';
import { make } from '../ui/make.js';
import { roving } from '../ui/roving.js';
import { expertFacts, STATE_SIGNS } from '../ui/words.js';
import type { ListView } from './listView.js';
import { expertsOf } from './tokenTint.js';

/**
 * The experts that one token selected, a row a layer, layers upward; a press on one goes to its next state. One stop of the
 * Tab key.
 */
export function tokenExperts(press: (expert: ExpertId) => void) {
  const title = make('h3');
  const list = make('div', { class: 'token-experts', role: 'list' });
  const element = make('div', { class: 'opened-token' }, title, list);
  let shown: ListView | null = null;
  let perRow = 1;
  const chips = roving(list, '.chip', () => perRow);
  hoverFacts(element, '.chip', ({ dataset }) => {
    const statistic = shown?.statistics[Number(dataset['index'])];
    return shown && statistic ? expertFacts(statistic, shown.stateOf(statistic), shown.file) : null;
  });
  return {
    element,
    update(row: TokenRow, token: number, view: ListView): void {
      shown = view;
      const { model } = view.file;
      const from = row.target.from + token;
      const text = JSON.stringify(row.text.slice(row.start[from], row.end[from]));
      title.replaceChildren(
        make('span', { class: 'code' }, text),
        ' selected these experts, highest first; dots mark them in the heat map',
      );
      perRow = model.expertsPerToken;
      const rows = expertsOf(row, token, model).reverse();
      chips.renew(() => {
        list.replaceChildren(...rows.map((each) => layerRow(each, view, press)));
      });
    },
  };
}

function layerRow(
  { layer, experts }: ReturnType<typeof expertsOf>[number],
  view: ListView,
  press: (expert: ExpertId) => void,
): HTMLElement {
  const name = make('span', { class: 'name' }, `L${layer}`);
  const chips = experts.map((expert) => expertChip({ layer, expert }, view, press));
  return make('div', { role: 'listitem' }, name, ...chips);
}

function expertChip(expert: ExpertId, view: ListView, press: (expert: ExpertId) => void): HTMLElement {
  const { model } = view.file;
  const index = model.moeLayers.indexOf(expert.layer) * model.experts + expert.expert;
  const statistic = view.statistics[index];
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
  chip.dataset['index'] = String(index);
  chip.addEventListener('click', () => {
    press(expert);
  });
  return chip;
}
