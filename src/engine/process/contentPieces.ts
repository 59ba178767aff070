import type { TextRange } from './tokenSpans.js';

/**
 * Where the texts of a conversation stand in what a chat template made of it. A template is a program that may trim,
 * move, split, repeat or drop them, so a text is found by rendering again with marks in place of it, and believed only
 * where putting the texts back in place of the marks gives the rendered text, letter for letter.
 */

/** A part of a text that the rendered conversation holds unchanged. */
export interface ContentPiece extends TextRange {
  /** Number of the text among those that were looked for. */
  slot: number;
  /** UTF-16 offset in that text; start and end are in the rendered conversation. */
  from: number;
}

/**
 * The pieces of all texts, in the order of the rendered conversation. A text that is nowhere, or in several places of
 * which none is surely its own, has none.
 * @param render what the template makes with these texts instead; undefined where it refuses them
 */
export function contentPieces(
  rendered: string,
  texts: readonly string[],
  render: (texts: string[]) => string | undefined,
): ContentPiece[] {
  const marked = render(texts.map((_, slot) => `\uE000${slot}\uE001`));
  const whole = marked === undefined ? undefined : piecesOfMarks(rendered, marked, texts);
  if (whole) return whole;
  for (const words of WORDS) {
    const pieces = piecesOfWords(rendered, texts, words, render);
    if (pieces) return pieces;
  }
  return uniquePieces(rendered, texts);
}

/** The range of a text's characters [start, end) in the rendered conversation; its last copy where it has several. */
export function rangeOf(
  pieces: readonly ContentPiece[],
  slot: number,
  start: number,
  end: number,
): TextRange | undefined {
  let range: TextRange | undefined;
  let before = Infinity;
  for (const piece of pieces.filter((other) => other.slot === slot).reverse()) {
    const length = piece.end - piece.start;
    // Going back, the text's offsets go back too; where they don't, an earlier copy begins.
    if (piece.from + length > before) break;
    before = piece.from;
    const from = Math.max(start, piece.from);
    const to = Math.min(end, piece.from + length);
    if (from >= to) continue;
    const shift = piece.start - piece.from;
    range = { start: from + shift, end: range?.end ?? to + shift };
  }
  return range;
}

/** The common case: the template puts the texts in whole, trimmed or not, wherever and however often. */
function piecesOfMarks(rendered: string, marked: string, texts: readonly string[]): ContentPiece[] | undefined {
  const parts = marked.split(/\uE000(\d+)\uE001/);
  const pieces: ContentPiece[] = [];
  let at = parts[0]!.length;
  if (!rendered.startsWith(parts[0]!)) return undefined;
  for (let i = 1; i < parts.length; i += 2) {
    const slot = Number(parts[i]);
    const next = parts[i + 1]!;
    const found = trimmings(texts[slot]!).find(
      ({ text }) => rendered.startsWith(text, at) && rendered.startsWith(next, at + text.length),
    );
    if (!found) return undefined;
    pieces.push({ slot, from: found.from, start: at, end: at + found.text.length });
    at += found.text.length + next.length;
  }
  return at === rendered.length ? pieces : undefined;
}

function trimmings(text: string): { text: string; from: number }[] {
  const leading = text.length - text.trimStart().length;
  const breaks = /^\n*/.exec(text)![0].length;
  return [
    { text, from: 0 },
    { text: text.trim(), from: leading },
    { text: text.trimStart(), from: leading },
    { text: text.trimEnd(), from: 0 },
    { text: text.slice(breaks), from: breaks },
    { text: text.replace(/\n+$/, ''), from: 0 },
    { text: text.slice(breaks).replace(/\n+$/, ''), from: breaks },
  ];
}

/**
 * What templates look for in the text of a message: the marks of thinking. They are not the text's own, so they are
 * neither replaced nor part of a piece, and the tokenizer reads them as the template's.
 */
const THINKING_MARKS = String.raw`<[/|]*[\w:]*(?:think|thought|reason)\w*[/|]*>|\[/?THINK\]|/(?:no_?)?think\b`;

/** Whether a text marks thinking in one of the ways that templates look for. */
export function marksThinking(text: string): boolean {
  return new RegExp(THINKING_MARKS, 'iu').test(text);
}

/** What is replaced by tracers, from the strictest to what keeps most of the text as it is: marks | words. */
const WORDS = [
  new RegExp(String.raw`(${THINKING_MARKS})|[^\s<[/]+|[<[/]`, 'giu'),
  new RegExp(String.raw`(${THINKING_MARKS})|[\p{L}\p{N}\p{Co}]+`, 'giu'),
  new RegExp(String.raw`(${THINKING_MARKS}|<[^<>\s]{1,60}>|\[[^\]\s]{1,60}\])|[\p{L}\p{N}\p{Co}]+`, 'giu'),
];

/** A private-use plane: a code point a word, so that each word is known again wherever the template puts it. */
const FIRST_TRACER = 0xf0000;
const TRACERS = 0x1fffe;

/** For templates that look into the texts: a tracer for each word, everything else as it is. */
function piecesOfWords(
  rendered: string,
  texts: readonly string[],
  words: RegExp,
  render: (texts: string[]) => string | undefined,
): ContentPiece[] | undefined {
  const found: { slot: number; from: number; word: string }[] = [];
  const traced = texts.map((text, slot) =>
    text.replace(words, (word: string, mark: string | undefined, from: number) => {
      if (mark !== undefined) return word;
      found.push({ slot, from, word });
      return String.fromCodePoint(FIRST_TRACER + Math.min(found.length, TRACERS) - 1);
    }),
  );
  if (found.length > TRACERS) return undefined;
  const pattern = render(traced);
  if (pattern === undefined) return undefined;
  const pieces: ContentPiece[] = [];
  let rebuilt = '';
  for (const character of pattern) {
    const tracer = character.codePointAt(0)! - FIRST_TRACER;
    const known = tracer >= 0 ? found[tracer] : undefined;
    if (known) {
      const { slot, from, word } = known;
      pieces.push({ slot, from, start: rebuilt.length, end: rebuilt.length + word.length });
    }
    rebuilt += known ? known.word : character;
  }
  return rebuilt === rendered ? joined(rendered, texts, pieces) : undefined;
}

/** Words that follow each other as they do in their text become one piece, together with the characters around them. */
function joined(rendered: string, texts: readonly string[], words: readonly ContentPiece[]): ContentPiece[] {
  const outside = texts.map(marksIn);
  const free = (slot: number, offset: number): boolean =>
    offset >= 0 && offset < texts[slot]!.length && !outside[slot]!.some(([from, to]) => offset >= from && offset < to);
  const pieces: ContentPiece[] = [];
  for (const [index, word] of words.entries()) {
    const piece = { ...word };
    const last = pieces.at(-1);
    while (piece.start > (last?.end ?? 0) && matches(piece.slot, piece.from - 1, piece.start - 1)) {
      piece.from--;
      piece.start--;
    }
    const limit = words[index + 1]?.start ?? rendered.length;
    while (piece.end < limit && matches(piece.slot, piece.from + piece.end - piece.start, piece.end)) piece.end++;
    if (last?.slot === piece.slot && last.end === piece.start && last.from + last.end - last.start === piece.from)
      last.end = piece.end;
    else pieces.push(piece);
  }
  return pieces.map(withoutEdges);

  function matches(slot: number, offset: number, at: number): boolean {
    return free(slot, offset) && texts[slot]![offset] === rendered[at];
  }

  /** Whitespace at the edges may as well be the template's. */
  function withoutEdges(piece: ContentPiece): ContentPiece {
    const text = rendered.slice(piece.start, piece.end);
    const leading = text.length - text.trimStart().length;
    const start = piece.start + leading;
    return { ...piece, from: piece.from + leading, start, end: start + text.trim().length };
  }
}

function marksIn(text: string): [number, number][] {
  return [...text.matchAll(new RegExp(THINKING_MARKS, 'giu'))].map(({ index, 0: mark }) => [
    index,
    index + mark.length,
  ]);
}

/** The last resort: a text that occurs once and only once. */
function uniquePieces(rendered: string, texts: readonly string[]): ContentPiece[] {
  return texts
    .flatMap((text, slot) => {
      const { text: trimmed, from } = trimmings(text)[1]!;
      const start = rendered.indexOf(trimmed);
      if (trimmed === '' || start < 0 || start !== rendered.lastIndexOf(trimmed)) return [];
      return [{ slot, from, start, end: start + trimmed.length }];
    })
    .sort((one, other) => one.start - other.start);
}
