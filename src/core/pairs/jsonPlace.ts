import { parse, type ValueNode } from '@humanwhocodes/momoa';
import type { JsonPath } from './finding.js';

/** A range of a JSON text in UTF-16 offsets, end exclusive. */
export interface JsonRange {
  start: number;
  end: number;
}

/** Where the value at a path stands; the innermost value on the way to it where the path leads nowhere. */
export function placeInJson(text: string, path: JsonPath): JsonRange {
  let node: ValueNode;
  try {
    node = parse(text).body;
  } catch {
    return { start: 0, end: text.length };
  }
  for (const step of path) {
    let next: ValueNode | undefined;
    if (node.type === 'Array' && typeof step === 'number') next = node.elements[step]?.value;
    // Of a member that is given twice the last counts, as in JSON.parse.
    else if (node.type === 'Object') {
      next = node.members.findLast(({ name }) => name.type === 'String' && name.value === step)?.value;
    }
    if (!next) break;
    node = next;
  }
  return { start: node.loc.start.offset, end: node.loc.end.offset };
}

/** The first error of a text that JSON.parse refused: what it is and the UTF-16 offset where it stands. */
export function firstJsonError(text: string): { offset: number; message: string } {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Error && 'offset' in error && typeof error.offset === 'number') {
      return { offset: error.offset, message: inWords(error.message, text, error.offset) };
    }
  }
  // The locating parser lets control characters inside strings pass.
  return { offset: offsetOfEngine(text), message: 'control characters in a string must be escaped (\\t, \\n)' };
}

/** V8 names the position of a syntax error in its message. */
function offsetOfEngine(text: string): number {
  try {
    JSON.parse(text);
  } catch (error) {
    return Number(/position (\d+)/.exec(String(error))?.[1] ?? 0);
  }
  return 0;
}

function inWords(message: string, text: string, offset: number): string {
  if (message.includes('end of input')) return 'it ends too early; a quote or bracket is not closed';
  if (text[offset] === "'") return 'strings take double quotes';
  if (text[offset] === '}' || text[offset] === ']') return `unexpected "${text[offset]}" (a comma too many before it?)`;
  return `unexpected ${JSON.stringify(text[offset] ?? '')}`;
}
