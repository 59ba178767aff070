import type { Side } from '../../src/core/pairs/pair.js';

export type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of VS Code's theme for what is drawn on a canvas, and the scale between the two sides. */
export interface Theme {
  kind: 'light' | 'dark' | 'hc-dark' | 'hc-light';
  /** Colour alone does not do: sides also differ by pattern. */
  highContrast: boolean;
  foreground: Rgb;
  muted: Rgb;
  background: Rgb;
  /** Lines of axes and grids. */
  line: Rgb;
  /** Ends and middle of the one scale: side a, none, side b. They stand in base.css. */
  sides: Record<Side, Rgb>;
  none: Rgb;
  font: { family: string; size: number };
}

const KINDS = [
  ['vscode-high-contrast-light', 'hc-light'],
  ['vscode-high-contrast', 'hc-dark'],
  ['vscode-light', 'light'],
] as const;

export function readTheme(): Theme {
  const { classList } = document.body;
  const kind = KINDS.find(([name]) => classList.contains(name))?.[1] ?? 'dark';
  const style = getComputedStyle(document.body);
  const color = (name: string, fallback: string): Rgb => parseColor(style.getPropertyValue(name).trim() || fallback);
  const light = kind === 'light' || kind === 'hc-light';
  return {
    kind,
    highContrast: kind === 'hc-dark' || kind === 'hc-light',
    foreground: color('--vscode-foreground', light ? '#3b3b3b' : '#cccccc'),
    muted: color('--vscode-descriptionForeground', light ? '#3b3b3b' : '#9d9d9d'),
    background: color('--vscode-editor-background', light ? '#ffffff' : '#1f1f1f'),
    line: color('--vscode-editorWidget-border', light ? '#c8c8c8' : '#454545'),
    sides: { a: color('--side-a', '#0571b0'), b: color('--side-b', '#ca5600') },
    none: color('--side-none', light ? '#ececec' : '#333333'),
    font: { family: style.fontFamily, size: Number.parseFloat(style.fontSize) || 13 },
  };
}

/** Calls back whenever VS Code puts another theme on the page; returns what ends that. */
export function onThemeChange(changed: (theme: Theme) => void): () => void {
  // VS Code swaps the classes of body and the variables in the style of html, one after the other.
  let due = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => {
      changed(readTheme());
    });
  });
  for (const element of [document.documentElement, document.body])
    observer.observe(element, { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] });
  return () => {
    cancelAnimationFrame(due);
    observer.disconnect();
  };
}

/** A colour of the scale: 1 is side a, 0 neither, -1 side b. */
export function sideColor(value: number, theme: Theme): Rgb {
  return mix(theme.none, theme.sides[value > 0 ? 'a' : 'b'], Math.min(1, Math.abs(value)));
}

/** The ink, black or white, with more contrast on a colour (WCAG 2's relative luminance; 0.179 contrasts both alike). */
export function inkOn([red, green, blue]: Rgb): Rgb {
  const linear = (channel: number): number =>
    channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.179 ? [0, 0, 0] : [255, 255, 255];
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * share);
  return [channel(0), channel(1), channel(2)];
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** Any CSS colour as the canvas understands it. */
function parseColor(text: string): Rgb {
  if (!pixel) return [128, 128, 128];
  pixel.fillStyle = '#808080';
  pixel.fillStyle = text;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillRect(0, 0, 1, 1);
  const [red = 128, green = 128, blue = 128] = pixel.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
