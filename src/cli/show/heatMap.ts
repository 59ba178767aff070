import type { ExpertStatistic } from '../../core/statistics/expertStatistics.js';
import type { Terminal } from '../terminal.js';

type Rgb = readonly [number, number, number];

/** Ends of the scale: blue for side a, orange for side b, both told apart by people who do not see red or green. */
const SIDE_A: Rgb = [5, 113, 176];
const SIDE_B: Rgb = [202, 86, 0];
const NONE: Rgb = [236, 236, 236];

const MARGIN = 6;

/**
 * Risk differences as a picture: layers upward, experts to the right. Signs say what colours say: # and + for side a
 * (strong and weak), = and - for side b, a dot for none. A cell stands for several experts where there are too many.
 */
export function heatMap(
  statistics: readonly Pick<ExpertStatistic, 'layer' | 'expert' | 'riskDifference'>[],
  labels: Record<'a' | 'b', string>,
  { color, out }: Pick<Terminal, 'color' | 'out'>,
): string {
  const experts = 1 + Math.max(...statistics.map(({ expert }) => expert));
  const room = Math.max(8, out.columns - MARGIN - 1);
  const bin = Math.ceil(experts / room);
  const cells = Math.ceil(experts / bin);
  const wide = cells * 2 <= room;
  const strongest = Math.max(1e-9, ...statistics.map(({ riskDifference }) => Math.abs(riskDifference)));
  const rows = new Map<number, number[]>();
  for (const { layer, expert, riskDifference } of statistics) {
    const row = rows.get(layer) ?? new Array<number>(cells).fill(0);
    rows.set(layer, row);
    const cell = Math.floor(expert / bin);
    if (Math.abs(riskDifference) > Math.abs(row[cell]!)) row[cell] = riskDifference;
  }
  const lines = [...rows]
    .sort(([one], [other]) => other - one)
    .map(([layer, row]) => {
      const drawn = row.map((value) =>
        paint(value / strongest, wide ? `${sign(value / strongest)} ` : sign(value / strongest), color),
      );
      return `${String(layer).padStart(MARGIN - 2)}  ${drawn.join('')}\n`;
    });
  const scale = strongest.toFixed(2);
  const width = wide ? 2 : 1;
  const axis = `${''.padStart(MARGIN)}${'0'.padEnd((cells - 1) * width)}${experts - 1}\n`;
  const legend = [
    ['#', 1, `${labels.a} (+${scale})`],
    ['+', 0.4, 'a little'],
    ['.', 0, 'neither'],
    ['-', -0.4, 'a little'],
    ['=', -1, `${labels.b} (-${scale})`],
  ] as const;
  const key = legend.map(([text, value, word]) => `${paint(value, ` ${text} `, color)} ${word}`).join('  ');
  return `${'layer'.padStart(MARGIN - 1)}\n${lines.join('')}${axis}${'expert'.padStart(MARGIN + 6)}\n\n  ${key}\n`;
}

/** `value` in [-1, 1], 1 the strongest of the picture. */
export function sign(value: number): string {
  if (Math.abs(value) < 0.15) return '.';
  const strong = Math.abs(value) >= 0.6;
  return value > 0 ? (strong ? '#' : '+') : strong ? '=' : '-';
}

function paint(value: number, text: string, color: Terminal['color']): string {
  if (color === 'none') return text;
  const share = Math.min(1, Math.abs(value));
  const end = value > 0 ? SIDE_A : SIDE_B;
  const [r, g, b] = NONE.map((from, i) => Math.round(from + (end[i]! - from) * share)) as [number, number, number];
  const ink = share > 0.55 ? 255 : 0;
  if (color === 'truecolor') return `\x1b[48;2;${r};${g};${b};38;2;${ink};${ink};${ink}m${text}\x1b[0m`;
  const cube = (channel: number): number => (channel < 48 ? 0 : channel < 115 ? 1 : Math.floor((channel - 35) / 40));
  return `\x1b[48;5;${16 + 36 * cube(r) + 6 * cube(g) + cube(b)};38;5;${ink === 255 ? 231 : 16}m${text}\x1b[0m`;
}
