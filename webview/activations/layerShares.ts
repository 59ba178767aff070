import { percent } from '../ui/figures.js';
import { make } from '../ui/make.js';
import { layerShares, type ExpertList } from './listView.js';

/** Which layers hold the strongest fifth of the experts; layers run upward as in the heat map. */
export function layerSharesChart() {
  const rows = make('div', { class: 'shares', role: 'list' });
  const element = make(
    'section',
    { class: 'layers', 'aria-label': 'Distribution over layers' },
    make(
      'div',
      { class: 'section-head' },
      make('h2', {}, 'Layers'),
      make('span', { class: 'dim' }, 'share of the strongest 20 % of experts in each layer'),
    ),
    rows,
  );
  let drawn: ExpertList['file'] | null = null;
  return {
    element,
    update(list: ExpertList): void {
      if (drawn === list.file) return;
      drawn = list.file;
      const shares = layerShares(list);
      const largest = Math.max(1e-9, ...shares.map(({ a, b }) => a + b));
      rows.classList.toggle('dense', shares.length > 12);
      rows.replaceChildren(
        ...shares.reverse().map(({ layer, a, b }) => {
          const bars = (['a', 'b'] as const).map((side) => {
            const bar = make('span', { class: 'share' });
            bar.dataset['side'] = side;
            bar.hidden = (side === 'a' ? a : b) === 0;
            bar.style.width = `${((side === 'a' ? a : b) / largest) * 100}%`;
            return bar;
          });
          const { labels } = list.file;
          const words = `${percent(a)} lean to ${labels.a}, ${percent(b)} to ${labels.b}`;
          const track = make('span', { class: 'share-track', role: 'img', 'aria-label': words, title: words }, ...bars);
          const label = make('span', { class: 'name' }, `L${layer}`);
          return make('div', { role: 'listitem' }, label, track, make('span', { class: 'figure' }, percent(a + b)));
        }),
      );
    },
  };
}
