import { isEligible } from '../../src/core/plans/isEligible.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { expertGrid } from '../ui/expertGrid.js';
import type { ExpertGridState } from '../ui/gridChart.js';
import type { HeatScale } from '../ui/heatMapImage.js';
import { make } from '../ui/make.js';
import { radios } from '../ui/toolkit.js';
import { expertFacts } from '../ui/words.js';
import type { ListView } from './listView.js';
import type { Quantity } from './viewState.js';

/** The heat map of risk differences, or of one side's rates. */
export function mapPanel(actions: { press(expert: ExpertId): void; setQuantity(quantity: Quantity): void }) {
  const quantities = radios('Heat map shows', ['difference', 'rate-a', 'rate-b'] as const, (quantity) => {
    actions.setQuantity(quantity);
  });
  const grid = expertGrid({
    name: 'Experts by layer',
    onChoose: (expert) => {
      actions.press(expert);
    },
  });
  const element = make(
    'section',
    { class: 'map', 'aria-label': 'Heat map' },
    make('div', { class: 'section-head' }, make('h2', {}, 'Experts'), quantities.element),
    grid.element,
  );
  return {
    element,
    /** `pointed`: experts to mark, whatever the plan does to them. */
    update(view: ListView, quantity: Quantity, pointed: readonly ExpertId[]): void {
      const { labels } = view.file;
      quantities.update(quantity, {
        difference: 'risk difference',
        'rate-a': `rate on ${labels.a}`,
        'rate-b': `rate on ${labels.b}`,
      });
      grid.update(gridState(view, quantity, pointed));
    },
  };
}

/** What the heat map shows of a list: for the screen and for a picture. */
export function gridState(view: ListView, quantity: Quantity, pointed: readonly ExpertId[] = []): ExpertGridState {
  const { file, statistics, plan } = view;
  const { moeLayers, experts } = file.model;
  return {
    moeLayers,
    experts,
    ...drawn(view, quantity),
    labels: file.labels,
    plan,
    pointed,
    faint: Uint8Array.from(statistics, (statistic) => (isEligible(statistic, view.board) ? 0 : 1)),
    facts: ({ layer, expert }) => {
      const statistic = statistics[moeLayers.indexOf(layer) * experts + expert]!;
      return expertFacts(statistic, view.stateOf(statistic), file);
    },
  };
}

/** The numbers behind a quantity and the scale they are drawn on; both sides' rates share one. */
export function drawn({ statistics, ranked }: Pick<ListView, 'statistics' | 'ranked'>, quantity: Quantity) {
  if (quantity === 'difference') {
    const scale: HeatScale = { kind: 'sides', strongest: Math.max(0.01, Math.abs(ranked[0]?.riskDifference ?? 0)) };
    return { values: Float32Array.from(statistics, ({ riskDifference }) => riskDifference), scale };
  }
  const side = quantity === 'rate-a' ? 'a' : 'b';
  let strongest = 0.01;
  for (const { rateA, rateB } of statistics) strongest = Math.max(strongest, rateA, rateB);
  const scale: HeatScale = { kind: 'rate', side, strongest };
  return { values: Float32Array.from(statistics, ({ rateA, rateB }) => (side === 'a' ? rateA : rateB)), scale };
}
