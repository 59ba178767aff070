import { parse, type Info } from 'csv-parse/browser/esm/sync';
import type { JsonObject } from './finding.js';
import type { PairCollector } from './pairCollector.js';
import { formOf, type PairForm } from './pairForms.js';

const FORMS = 'prompt,a,b or prompt,chosen,rejected or positive,negative';

/** CSV by the file's ending, or by a first line that is a header of one of the known forms. */
export function looksLikeCsv(text: string, fileName: string): boolean {
  if (/\.csv$/i.test(fileName)) return true;
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return false;
  return (
    formOfColumns(
      start
        .slice(0, start.search(/\r?\n|$/))
        .split(',')
        .map(columnName),
    ) !== undefined
  );
}

function columnName(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

function formOfColumns(columns: string[]): PairForm | undefined {
  const form = formOf(Object.fromEntries(columns.map((column) => [column, ''])));
  if (!form || form.context === 'input' || form.targets) return undefined;
  const needed = form.bareString === 'user message' ? [form.a, form.b] : [form.a, form.b, 'prompt'];
  return needed.every((column) => columns.includes(column)) ? form : undefined;
}

interface Row {
  record: string[];
  raw: string;
  info: Info;
}

/** All records up to the first misplaced quote: after one, nobody can tell where records begin. */
function rowsOf(text: string): { rows: Row[]; broken: boolean } {
  let brokenAt = Infinity;
  const rows = parse(text, {
    info: true,
    raw: true,
    recordDelimiter: '\n',
    relaxColumnCount: true,
    skipEmptyLines: true,
    skipRecordsWithError: true,
    onSkip(error) {
      brokenAt = Math.min(brokenAt, typeof error?.lines === 'number' ? error.lines : 1);
      return undefined;
    },
  }) as unknown as Row[];
  return { rows: rows.filter(({ info }) => info.lines < brokenAt), broken: brokenAt < Infinity };
}

/**
 * The pairs of a CSV text (RFC 4180; cells may hold line breaks). Problems have the record's first line, column 1.
 * A misplaced quote ends the reading, with a problem at its record.
 */
export function collectCsv(text: string, unreadable: ReadonlySet<number>, into: PairCollector, longest: number): void {
  // With one kind of line break the parser's line numbers are an editor's.
  const { rows, broken } = rowsOf(text.replaceAll('\r\n', '\n'));
  if (broken) {
    const quotes = 'A quote in this record is out of place or not closed; the file is not read from here on.';
    into.error((rows.at(-1)?.info.lines ?? 0) + 1, 1, `${quotes} Write quotes inside a quoted cell twice ("").`);
  }
  const columns = (rows[0]?.record ?? []).map(columnName);
  const form = formOfColumns(columns);
  if (!form) {
    if (rows[0]) into.error(1, 1, `The first line must name the columns: ${FORMS}. Here it is: ${columns.join(',')}.`);
    return;
  }
  for (const { record, raw, info } of rows.slice(1)) {
    const own = raw.replace(/^\n+/, '').replace(/\n$/, '');
    const end = info.lines;
    const line = end - (own.match(/\n/g)?.length ?? 0);
    if ([...unreadable].some((bad) => bad >= line && bad <= end)) continue;
    if (own.length > longest) into.error(line, 1, `This record is too long: ${longest} characters are the most.`);
    else if (record.length !== columns.length) {
      const message = `This record has ${record.length} cells, the header ${columns.length}. Quote cells that hold commas.`;
      into.error(line, 1, message);
    } else into.record(asObject(columns, record, form), line, () => ({ column: 1 }));
  }
}

/** Cells by column. Unnamed columns are ignored; an empty prompt of a form that needs none counts as absent. */
function asObject(columns: string[], record: string[], form: PairForm): JsonObject {
  const cells = columns.map((column, i): [string, string] => [column, record[i] ?? '']);
  const noPrompt = (column: string, cell: string) =>
    column === 'prompt' && cell === '' && form.bareString === 'user message';
  return Object.fromEntries(cells.filter(([column, cell]) => column !== '' && !noPrompt(column, cell)));
}
