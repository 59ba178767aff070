import { padTo, plainText, wrapText } from './plainText.js';

const GAP = ' | ';

/** Narrowest terminal where two columns are worth it. */
export const WIDE_ENOUGH = 100;

/**
 * Two texts that grow at the same time, side by side. A row is written as soon as it cannot change any more in either
 * column, so that nothing already written is touched and any terminal can show it.
 */
export class Columns {
  private readonly texts: [string, string] = ['', ''];
  private readonly ended: [boolean, boolean] = [false, false];
  private rows = 0;
  private readonly width: number;

  constructor(
    private readonly write: (text: string) => void,
    columns: number,
    titles: [string, string],
  ) {
    this.width = Math.floor((columns - GAP.length) / 2);
    this.row(titles[0], titles[1]);
    this.write(`${'-'.repeat(this.width)}-+-${'-'.repeat(this.width)}\n`);
  }

  append(column: 0 | 1, text: string): void {
    this.texts[column] += plainText(text);
    this.flush();
  }

  end(column: 0 | 1): void {
    this.ended[column] = true;
    this.flush();
  }

  private flush(): void {
    const [left, right] = [this.lines(0), this.lines(1)];
    const until = Math.min(left.final, right.final, Math.max(left.lines.length, right.lines.length));
    for (; this.rows < until; this.rows++) this.row(left.lines[this.rows] ?? '', right.lines[this.rows] ?? '');
  }

  /** The wrapped lines of a column and how many of them cannot change; all rows of an ended one are settled. */
  private lines(column: 0 | 1): { lines: string[]; final: number } {
    const text = this.ended[column] ? this.texts[column].trimEnd() : this.texts[column];
    const lines = wrapText(text, this.width);
    return { lines, final: this.ended[column] ? Infinity : lines.length - 1 };
  }

  private row(left: string, right: string): void {
    this.write(`${padTo(left, this.width)}${GAP}${right}`.trimEnd() + '\n');
  }
}
