import { padTo } from './plainText.js';

/** Columns as wide as their widest cell; the last one is not padded, so that a path can be copied. */
export function tableText(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => padTo(cell, widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
