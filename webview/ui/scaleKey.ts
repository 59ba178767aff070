import { signed } from './figures.js';
import { heatColor, type HeatScale } from './heatMapImage.js';
import { make, setText } from './make.js';
import { css, type Theme } from './theme.js';
import type { Labels } from './words.js';

/** The legend of a heat map: its scale from end to end, and the two signs of switched experts. */
export function scaleKey() {
  const low = make('span', { class: 'side-b' });
  const high = make('span', { class: 'side-a' });
  const strip = make('canvas', { width: 120, height: 1, 'aria-hidden': 'true' });
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
      const sides = scale.kind === 'sides';
      setText(low, sides ? `${labels.b} ${signed(-scale.strongest)}` : '0 %');
      const top = sides ? '' : `${(scale.strongest * 100).toFixed(0)} % of tokens, `;
      setText(high, sides ? `${labels.a} ${signed(scale.strongest)}` : `${top}${labels[scale.side]}`);
      low.className = sides ? 'side-b' : '';
      high.className = !sides && scale.side === 'b' ? 'side-b' : 'side-a';
      const ctx = strip.getContext('2d');
      if (!ctx) return;
      for (let x = 0; x < 120; x++) {
        const share = sides ? (x / 119) * 2 - 1 : x / 119;
        ctx.fillStyle = css(heatColor(share * scale.strongest, scale, theme));
        ctx.fillRect(x, 0, 1, 1);
      }
    },
  };
}
