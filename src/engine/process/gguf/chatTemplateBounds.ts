import { Fault } from './fault.js';

/** The largest published templates have some ten thousand characters and nest about ten deep. */
const LONGEST = 1 << 18;
const DEEPEST = 100;

/** The parser's time grows with the square of a run of white space: a quarter of a megabyte takes it minutes. */
const LONGEST_BLANK = 1000;

const OPENING = /^(if|for|macro|call|filter|set|generation)$/;

/** Refuses a chat template that would take its parser minutes or the whole stack. Reads it once; an inexact count will do. */
export function checkTemplateBounds(template: string): void {
  if (template.length > LONGEST) throw new Fault(`its chat template is ${template.length} characters long`);
  for (const [blank] of template.matchAll(/\s+/g))
    if (blank.length > LONGEST_BLANK)
      throw new Fault(`its chat template has ${blank.length} characters of white space in a row`);
  const start = /\{([{%#])/g;
  let blocks = 0;
  for (let found = start.exec(template); found !== null; found = start.exec(template)) {
    if (found[1] === '#') {
      const end = template.indexOf('#}', start.lastIndex);
      if (end < 0) return;
      start.lastIndex = end + 2;
      continue;
    }
    const code = readCode(template, start.lastIndex, found[1] === '{' ? '}}' : '%}');
    if (found[1] === '%') blocks += opened(template.slice(start.lastIndex, code.end));
    if (Math.max(blocks, code.depth) > DEEPEST)
      throw new Fault(`its chat template is nested more than ${DEEPEST} deep`);
    start.lastIndex = code.end;
  }
}

/** Where the code that starts at `from` ends, and how deep its brackets nest. What stands in quotes does not count. */
function readCode(template: string, from: number, close: string): { end: number; depth: number } {
  let open = 0;
  let depth = 0;
  let quote = '';
  let at = from;
  for (; at < template.length; at++) {
    const character = template[at]!;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (open === 0 && template.startsWith(close, at)) break;
    else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) depth = Math.max(depth, ++open);
    else if (')]}'.includes(character)) open--;
  }
  return { end: at, depth };
}

/** How many blocks a statement opens: 1, none, or -1 where it ends one. */
function opened(statement: string): number {
  const word = /^[-+]?\s*(\w*)/.exec(statement)![1]!;
  if (word.startsWith('end')) return -1;
  // "set x = 1" stands alone, "set x" goes on to "endset".
  return OPENING.test(word) && !(word === 'set' && statement.includes('=')) ? 1 : 0;
}
