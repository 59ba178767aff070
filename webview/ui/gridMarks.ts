import type { ChartArea } from 'chart.js';
import type { CellSize, HeatMapData } from './heatMapController.js';
import { heatColor } from './heatMapImage.js';
import { css, inkOn } from './theme.js';

/** A cell that a plan switches, or that something points at. */
export interface Mark {
  row: number;
  column: number;
  state: 'activated' | 'deactivated' | 'pointed';
}

/**
 * Outlines switched cells and signs them: a filled triangle up is activated, a hollow one down deactivated. A cell that is
 * pointed at gets a dot in its corner, so that it may be switched as well.
 */
export function drawMarks(
  ctx: CanvasRenderingContext2D,
  area: ChartArea,
  cell: CellSize,
  { marks, values, columns, scale, theme }: HeatMapData,
): void {
  const size = Math.max(5, Math.min(11, Math.min(cell.width, cell.height) * 0.55));
  const small = Math.min(cell.width, cell.height) < 12;
  // Around a small cell the outline stands outside, or nothing of the colour would be left.
  const inset = small ? -1.5 : 1;
  ctx.lineJoin = 'round';
  for (const { row, column, state } of marks) {
    const left = area.left + column * cell.width;
    const top = area.bottom - (row + 1) * cell.height;
    const ink = css(inkOn(heatColor(values[row * columns + column] ?? 0, scale, theme)));
    if (state === 'pointed') {
      const radius = Math.max(1.5, Math.min(3, Math.min(cell.width, cell.height) * 0.2));
      ctx.beginPath();
      ctx.arc(left + cell.width - radius - 1, top + radius + 1.5, radius, 0, 2 * Math.PI);
      ctx.fillStyle = ink;
      ctx.fill();
      continue;
    }
    ctx.strokeStyle = css(theme.foreground);
    ctx.lineWidth = small ? 1.5 : 2;
    ctx.strokeRect(left + inset, top + inset, cell.width - 2 * inset + 1, cell.height - 2 * inset + 1);
    drawTriangle(ctx, { x: left + cell.width / 2, y: top + cell.height / 2, size, ink, up: state === 'activated' });
  }
}

function drawTriangle(
  ctx: CanvasRenderingContext2D,
  { x, y, size, ink, up }: { x: number; y: number; size: number; ink: string; up: boolean },
): void {
  const half = size / 2;
  const tip = up ? -half : half;
  ctx.beginPath();
  ctx.moveTo(x, y + tip);
  ctx.lineTo(x + half, y - tip);
  ctx.lineTo(x - half, y - tip);
  ctx.closePath();
  ctx.fillStyle = ctx.strokeStyle = ink;
  ctx.lineWidth = 1.2;
  if (up) ctx.fill();
  else ctx.stroke();
}
