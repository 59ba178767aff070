import { expertName, signed } from '../ui/figures.js';
import { heatColor } from '../ui/heatMapImage.js';
import { scaleEnds } from '../ui/scaleKey.js';
import { css, inkOn, type Theme } from '../ui/theme.js';
import type { ListView } from './listView.js';
import { drawn } from './mapPanel.js';
import type { Quantity } from './viewState.js';

const LEFT = 48;
const TOP = 34;

/** The heat map as an SVG picture of rectangles that a drawing program can take apart. */
export function toSvg(view: ListView, quantity: Quantity, theme: Theme): string {
  const { file, statistics, stateOf } = view;
  const { moeLayers, experts } = file.model;
  const cell = experts > 64 ? 10 : 20;
  const { values, scale } = drawn(view, quantity);
  const width = Math.max(LEFT + experts * cell + 12, 520);
  const bottom = TOP + moeLayers.length * cell;
  const ink = css(theme.foreground);
  const text = (x: number, y: number, words: string, anchor = 'middle'): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
  const cells = statistics.map((statistic, i) => {
    const x = LEFT + (i % experts) * cell;
    const y = bottom - (Math.floor(i / experts) + 1) * cell;
    const color = heatColor(values[i]!, scale, theme);
    const title = `${expertName(statistic)} ${signed(statistic.riskDifference, 3)}`;
    const rect = `<rect x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}" fill="${css(color)}"`;
    const state = stateOf(statistic);
    const open = `${rect}${state === 'neutral' ? '' : ` stroke="${ink}" stroke-width="1.5"`}>`;
    const half = cell / 4;
    const tip = state === 'activated' ? -half : half;
    const sign =
      state === 'neutral'
        ? ''
        : `<path d="M${x + cell / 2 - 0.5} ${y + cell / 2 + tip}l${half} ${-2 * tip}h${-2 * half}z" ` +
          `stroke="${css(inkOn(color))}" fill="${state === 'activated' ? css(inkOn(color)) : 'none'}"/>`;
    return `${open}<title>${escaped(`${title} ${state}`)}</title></rect>${sign}`;
  });
  const rows = moeLayers.map((layer, row) => text(LEFT - 6, bottom - (row + 0.3) * cell, `L${layer}`, 'end'));
  const step = experts > 64 ? 16 : experts > 16 ? 4 : 1;
  const columns = Array.from({ length: Math.ceil(experts / step) }, (_, i) =>
    text(LEFT + (i * step + 0.5) * cell, bottom + 16, String(i * step)),
  );
  const { low, high, least } = scaleEnds(scale, file.labels);
  const stops = Array.from({ length: 9 }, (_, i) => {
    const color = heatColor(least + (scale.strongest - least) * (i / 8), scale, theme);
    return `<stop offset="${i / 8}" stop-color="${css(color)}"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + 46}" font-family="sans-serif"`,
    ` font-size="${Math.min(11, cell + 1)}" fill="${ink}">`,
    `<rect width="100%" height="100%" fill="${css(theme.background)}"/>`,
    text(LEFT, 18, `${file.name} · ${file.model.name}`, 'start'),
    ...cells,
    ...rows,
    ...columns,
    `<defs><linearGradient id="scale">${stops.join('')}</linearGradient></defs>`,
    `<rect x="${LEFT}" y="${bottom + 28}" width="120" height="9" fill="url(#scale)"/>`,
    text(LEFT + 130, bottom + 36, `${low} to ${high}; ▲ activated, ▽ deactivated`, 'start'),
    '</svg>\n',
  ].join('\n');
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters have no place in XML.
  return text.replace(/[&<>"]/g, (mark) => entities[mark]!).replace(/\p{Cc}/gu, ' ');
}
