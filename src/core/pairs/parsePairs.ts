import { decodePairsText } from './decodePairsText.js';
import { isObject, type Finding } from './finding.js';
import { firstJsonError, placeInJson } from './jsonPlace.js';
import type { PairSet, Problem } from './pair.js';
import { PairCollector, type Locate } from './pairCollector.js';
import { collectCsv, looksLikeCsv } from './pairsCsv.js';
import { formOf } from './pairForms.js';

/** UTF-16 units; about a million tokens, more than any context holds. */
export const LONGEST_LINE = 4_000_000;

/**
 * Reads a pairs file: JSON lines in any of the forms of pairForms.ts, mixed as they come, or CSV with a header.
 * Tolerant: every good pair is returned, and every problem with its line, column and what to do about it.
 * `fileName` gives the set its name where the file gives none, and tells CSV by its ending.
 */
export function parsePairs(input: string | Uint8Array, fileName: string): { set: PairSet; problems: Problem[] } {
  const collector = new PairCollector(fileName);
  const { text, problems } = decodePairsText(input);
  collector.problems.push(...problems);
  const unreadable = new Set(problems.map(({ line }) => line));
  if (text.trim() === '') {
    if (problems.length === 0) {
      collector.error(1, 1, 'This file is empty. Add a line such as {"prompt": "...", "a": "...", "b": "..."}.');
    }
  } else if (looksLikeCsv(text, fileName)) collectCsv(text, unreadable, collector, LONGEST_LINE);
  else if (isOneJsonValue(text)) {
    const message = 'This file is one JSON value over several lines. Write one pair a line, without outer brackets.';
    collector.error(1, 1, message);
  } else collectLines(text, unreadable, collector);
  return collector.finish();
}

/** An array of pairs, or one pair spread over lines: JSON, but not JSON lines. */
function isOneJsonValue(text: string): boolean {
  const trimmed = text.trim();
  const array = trimmed.startsWith('[');
  if (!array && !(trimmed.startsWith('{') && /\n/.test(trimmed))) return false;
  const firstLine = trimmed.slice(0, trimmed.search(/\n|$/));
  return (array || !isJson(firstLine)) && isJson(trimmed);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function collectLines(text: string, unreadable: ReadonlySet<number>, collector: PairCollector): void {
  let first = true;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (content.trim() === '' || unreadable.has(line)) continue;
    collectLine(content, line, first, collector);
    first = false;
  }
}

function collectLine(content: string, line: number, first: boolean, collector: PairCollector): void {
  if (content.length > LONGEST_LINE) {
    const limit = LONGEST_LINE.toLocaleString('en');
    const length = content.length.toLocaleString('en');
    collector.error(line, 1, `This line has ${length} characters; ${limit} is the most. Is a line break missing?`);
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    const { offset, message } = firstJsonError(content);
    collector.error(line, offset + 1, `Invalid JSON: ${message}. Each line is one pair.`, offset + 2);
    return;
  }
  const locate: Locate = ({ path }: Finding) => {
    const { start, end } = placeInJson(content, path);
    return { column: start + 1, endColumn: end + 1 };
  };
  if (!isObject(value)) {
    const { column, endColumn } = locate({ path: [], message: '', severity: 'error' });
    collector.error(
      line,
      column,
      'A line must be a JSON object: {"prompt": "...", "a": "...", "b": "..."}.',
      endColumn,
    );
  } else if (!formOf(value) && ('labels' in value || (first && 'name' in value))) {
    if (first) collector.header(value, line, locate);
    else collector.error(line, 1, 'Name and labels can stand on the first line alone. Move this line to the top.');
  } else collector.record(value, line, locate);
}
