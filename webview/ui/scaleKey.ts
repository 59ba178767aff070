import { signed } from './figures.js';
import { heatImage, type HeatScale } from './heatMapImage.js';
import { make, setText } from './make.js';
import type { Theme } from './theme.js';
import type { Labels } from './words.js';

/** The legend of a heat map: its scale from end to end, and the two signs of switched experts. */
export function scaleKey() {
  const low = make('span', { class: 'side-b' });
  const high = make('span', { class: 'side-a' });
  const strip = make('canvas', { 'aria-hidden': 'true' });
  const element = make(
    'div',
    { class: 'scale-key' },
    low,
    strip,
    high,
    make('span', { class: 'dim' }, '▲ activated'),
    make('span', { class: 'dim' }, '▽ deactivated'),
  );
  return {
    element,
    update(scale: HeatScale, labels: Labels, theme: Theme): void {
      const ends = scaleEnds(scale, labels);
      setText(low, ends.low);
      setText(high, ends.high);
      const sides = scale.kind === 'sides';
      low.className = sides ? 'side-b' : '';
      high.className = !sides && scale.side === 'b' ? 'side-b' : 'side-a';
      // A row of the heat map from one end of the scale to the other, hatched where its cells are.
      const cells = theme.highContrast ? 10 : 120;
      const step = (scale.strongest - ends.least) / (cells - 1);
      const row = Float32Array.from({ length: cells }, (_, i) => ends.least + i * step);
      const image = heatImage(row, cells, { scale, theme });
      strip.width = image.width;
      strip.height = image.height;
      strip.getContext('2d')?.putImageData(image, 0, 0);
    },
  };
}

/** The two ends of a scale in words, and the value of the lower one; the upper one is the scale's `strongest`. */
export function scaleEnds(scale: HeatScale, labels: Labels): { low: string; high: string; least: number } {
  const { strongest } = scale;
  if (scale.kind === 'sides')
    return { low: `${labels.b} ${signed(-strongest)}`, high: `${labels.a} ${signed(strongest)}`, least: -strongest };
  return { low: '0 %', high: `${(strongest * 100).toFixed(0)} % of tokens, ${labels[scale.side]}`, least: 0 };
}
