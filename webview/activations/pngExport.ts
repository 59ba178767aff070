import { gridPicture } from '../ui/gridChart.js';
import { heatColor, type HeatScale } from '../ui/heatMapImage.js';
import { scaleEnds } from '../ui/scaleKey.js';
import { css, type Theme } from '../ui/theme.js';
import type { ListView } from './listView.js';
import { drawn, gridState } from './mapPanel.js';
import type { Quantity } from './viewState.js';

/** The heat map with its title and its scale on the theme's background, as base64 without a prefix. */
export function pngOf(view: ListView, quantity: Quantity, theme: Theme): string {
  const { file } = view;
  const picture = gridPicture(gridState(view, quantity), theme);
  const canvas = document.createElement('canvas');
  const line = 48;
  canvas.width = picture.width;
  canvas.height = picture.height + 2 * line;
  const ctx = canvas.getContext('2d')!;
  ctx.fillStyle = css(theme.background);
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = css(theme.foreground);
  ctx.font = `${Math.round(line * 0.55)}px ${theme.font.family}`;
  ctx.fillText(`${file.name} · ${file.model.name}`, line / 4, line * 0.7, canvas.width - line / 2);
  ctx.drawImage(picture, 0, line);
  drawScale(ctx, drawn(view, quantity).scale, view, { theme, line, top: picture.height + line });
  return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}

/** The scale from end to end, and the signs of switched experts. */
function drawScale(
  ctx: CanvasRenderingContext2D,
  scale: HeatScale,
  { file }: ListView,
  { theme, line, top }: { theme: Theme; line: number; top: number },
): void {
  const { low, high, least } = scaleEnds(scale, file.labels);
  const baseline = top + line * 0.7;
  ctx.fillText(low, line / 4, baseline);
  // Whole pixels, or every column would mix with the background.
  const left = Math.ceil(line / 2 + ctx.measureText(low).width);
  const width = line * 5;
  for (let x = 0; x < width; x++) {
    ctx.fillStyle = css(heatColor(least + (scale.strongest - least) * (x / (width - 1)), scale, theme));
    ctx.fillRect(left + x, top + line * 0.3, 1, line * 0.45);
  }
  ctx.fillStyle = css(theme.foreground);
  ctx.fillText(`${high}    ▲ activated  ▽ deactivated`, left + width + line / 4, baseline);
}
