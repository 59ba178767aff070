import type { Problem } from './pair.js';

const LINE_FEED = 0x0a;

type Decode = (bytes: Uint8Array) => string;

/** How many UTF-16 units stand before the first invalid byte of a line. */
function unitsBeforeFirstBadByte(line: Uint8Array, lossy: string, strict: Decode): number {
  // Encoded again, U+FFFD (EF BF BD) differs from what it stands for, if only in its last bytes.
  const again = new TextEncoder().encode(lossy);
  let good = 0;
  while (good < line.length && line[good] === again[good]) good++;
  for (; ; good--) {
    try {
      return strict(line.subarray(0, good)).length;
    } catch {
      // The prefix still ends inside the bad sequence.
    }
  }
}

/**
 * Text of a pairs file's bytes. A byte order mark is dropped. A line that is not UTF-8 keeps its place, with U+FFFD
 * where the bad bytes were, and gives a problem with the line and column of its first bad byte.
 */
export function decodePairsText(input: string | Uint8Array): { text: string; problems: Problem[] } {
  if (typeof input === 'string') return { text: input.replace(/^\uFEFF/, ''), problems: [] };
  if ((input[0] === 0xff && input[1] === 0xfe) || (input[0] === 0xfe && input[1] === 0xff)) {
    const message = 'This file is UTF-16. Save it as UTF-8 (in VS Code: Save with Encoding).';
    return { text: '', problems: [{ line: 1, column: 1, message, severity: 'error' }] };
  }
  const marked = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;
  const bytes = marked ? input.subarray(3) : input;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const strict: Decode = (part) => decoder.decode(part);
  try {
    return { text: strict(bytes), problems: [] };
  } catch {
    return decodeLines(bytes, strict);
  }
}

function decodeLines(bytes: Uint8Array, strict: Decode): { text: string; problems: Problem[] } {
  const lines: string[] = [];
  const problems: Problem[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    try {
      lines.push(strict(line));
    } catch {
      const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
      lines.push(lossy);
      const column = unitsBeforeFirstBadByte(line, lossy, strict) + 1;
      const message = 'This is not valid UTF-8. Save the file as UTF-8, or replace the character here.';
      problems.push({ line: lines.length, column, endColumn: column + 1, message, severity: 'error' });
    }
    start = end + 1;
  }
  return { text: lines.join('\n'), problems };
}
