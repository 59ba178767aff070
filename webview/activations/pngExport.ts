import { css, type Theme } from '../ui/theme.js';
import type { ListView } from './listView.js';

/** The drawn heat map with its title on the theme's background, as base64 without a prefix. */
export function pngOf({ file }: ListView, picture: HTMLCanvasElement, theme: Theme): string {
  const canvas = document.createElement('canvas');
  const line = Math.round(24 * devicePixelRatio);
  canvas.width = picture.width;
  canvas.height = picture.height + line;
  const ctx = canvas.getContext('2d')!;
  ctx.fillStyle = css(theme.background);
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = css(theme.foreground);
  ctx.font = `${Math.round(line * 0.55)}px ${theme.font.family}`;
  ctx.fillText(`${file.name} · ${file.model.name}`, line / 4, line * 0.7, canvas.width - line / 2);
  ctx.drawImage(picture, 0, line);
  return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}
