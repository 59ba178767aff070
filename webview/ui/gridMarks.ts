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

/** Pixels that a mark needs to be read; a smaller cell is marked by a badge of this size in the cell's colour. */
const LEAST = 11;

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
  const [width, height] = [Math.max(LEAST, cell.width - 1), Math.max(LEAST, cell.height - 1)];
  const isBadge = width > cell.width || height > cell.height;
  ctx.lineJoin = 'round';
  for (const { row, column, state } of marks) {
    const x = area.left + (column + 0.5) * cell.width + 0.5;
    const y = area.bottom - (row + 0.5) * cell.height + 0.5;
    const color = heatColor(values[row * columns + column] ?? 0, scale, theme);
    const ink = css(inkOn(color));
    if (state === 'pointed') {
      drawDot(ctx, x + cell.width / 2, y - cell.height / 2, Math.min(cell.width, cell.height), ink);
      continue;
    }
    if (isBadge) {
      ctx.fillStyle = css(color);
      ctx.fillRect(x - width / 2, y - height / 2, width, height);
    }
    ctx.strokeStyle = css(theme.foreground);
    ctx.lineWidth = isBadge ? 1.5 : 2;
    ctx.strokeRect(x - width / 2, y - height / 2, width, height);
    drawTriangle(ctx, { x, y, size: Math.min(11, Math.min(width, height) * 0.6), ink, up: state === 'activated' });
  }
}

function drawDot(ctx: CanvasRenderingContext2D, right: number, top: number, cell: number, ink: string): void {
  const radius = Math.max(1.5, Math.min(3, cell * 0.2));
  ctx.beginPath();
  ctx.arc(right - radius - 1, top + radius + 1.5, radius, 0, 2 * Math.PI);
  ctx.fillStyle = ink;
  ctx.fill();
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
