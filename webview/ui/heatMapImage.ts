import type { Side } from '../../src/core/pairs/pair.js';
import { mix, sideColor, type Rgb, type Theme } from './theme.js';

/** What the colours of a heat map stand for. */
export type HeatScale =
  /** Risk differences from -strongest (side b) over 0 to strongest (side a). */
  | { kind: 'sides'; strongest: number }
  /** Rates of one side from 0 to strongest. */
  | { kind: 'rate'; side: Side; strongest: number };

/** Texels of a cell's edge in high contrast, where side b is hatched; elsewhere a cell is one texel. */
const HATCHED_EDGE = 12;
/** Texels from one line of the hatching to the next; a line is half as wide. */
const HATCH = 4;

export function heatColor(value: number, scale: HeatScale, theme: Theme): Rgb {
  const share = value / Math.max(1e-9, scale.strongest);
  if (scale.kind === 'sides') return sideColor(share, theme);
  return mix(theme.none, theme.sides[scale.side], Math.min(1, Math.max(0, share)));
}

/**
 * One picture of all cells, the last row on top so that layers run upward. `values` are rows x columns, row by row;
 * a cell whose `faint` is 1 is drawn half-way to the background.
 */
export function heatImage(
  values: ArrayLike<number>,
  columns: number,
  options: { scale: HeatScale; theme: Theme; faint?: Uint8Array | undefined },
): ImageData {
  const { scale, theme, faint } = options;
  const rows = values.length / columns;
  const edge = theme.highContrast ? HATCHED_EDGE : 1;
  const image = new ImageData(columns * edge, rows * edge);
  const texels = new Uint32Array(image.data.buffer);
  const colors = colorTable(scale, theme);
  const none = pack(theme.none);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const share = Math.max(-1, Math.min(1, value / Math.max(1e-9, scale.strongest)));
    const color = colors[faint?.[i] ? 1 : 0][Math.round((share + 1) * STEPS)]!;
    const top = (rows - 1 - Math.floor(i / columns)) * edge;
    const left = (i % columns) * edge;
    const hatch = edge > 1 && value < 0 && scale.kind === 'sides' ? none : color;
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++)
        texels[(top + y) * image.width + left + x] = (x + y) % HATCH < HATCH / 2 ? hatch : color;
  }
  return image;
}

/** Shades from the middle of a scale to its end: more than a channel of a colour can tell apart. */
const STEPS = 512;

/** The colours of a scale from -strongest to strongest as they stand in a picture: full, and faint. */
function colorTable(scale: HeatScale, theme: Theme): [full: Uint32Array, faint: Uint32Array] {
  const full = new Uint32Array(2 * STEPS + 1);
  const faint = new Uint32Array(2 * STEPS + 1);
  for (let i = 0; i <= 2 * STEPS; i++) {
    const color = heatColor((i / STEPS - 1) * scale.strongest, scale, theme);
    full[i] = pack(color);
    faint[i] = pack(mix(color, theme.background, 0.65));
  }
  return [full, faint];
}

/** Little-endian RGBA, opaque: every machine that VS Code runs on. */
function pack([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
