/** One line of the bench's table. */
export interface Figure {
  name: string;
  value: number;
  unit: '' | 'MB' | 's' | 'tok/s';
  /** What the project asks of it, and whether it holds; figures without one are there to be read. */
  bound?: { at: number; side: 'least' | 'most' };
  detail: string;
}

export function holds({ value, bound }: Figure): boolean | undefined {
  if (!bound) return undefined;
  return bound.side === 'least' ? value >= bound.at : value <= bound.at;
}

export function line(figure: Figure): string {
  const { name, value, unit, bound, detail } = figure;
  const shown = `${value.toFixed(value >= 100 ? 0 : 2)}${unit && ` ${unit}`}`;
  const asked = bound ? `${bound.side === 'least' ? '>=' : '<='} ${bound.at.toFixed(2)}` : '';
  const verdict = { true: 'holds', false: 'FAILS', undefined: '' }[String(holds(figure))] ?? '';
  return `${name.padEnd(62)} ${shown.padStart(10)} ${asked.padStart(9)} ${verdict.padEnd(6)} ${detail}`;
}
