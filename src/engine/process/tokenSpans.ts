import { HumanError } from '../../core/humanError.js';

/** The parts of a native model that text becomes tokens with. */
export interface Vocabulary {
  readonly addsBos: boolean;
  tokenize(text: string, parseSpecial: boolean, addSpecial: boolean): Int32Array;
  piece(token: number, special: boolean): Uint8Array;
}

/** A UTF-16 range of a text, end exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

export interface TokenizedText {
  tokens: Int32Array;
  /** UTF-16 offsets of each token in the text, end exclusive; both equal for a token without text (BOS). */
  start: Int32Array;
  end: Int32Array;
}

/**
 * Tokens of a rendered conversation with their offsets. Control tokens are read in what the template wrote, but not
 * in what a person wrote: `contents` are the ranges of the latter, in order, and a control token spelled out there stays
 * text. Otherwise a document that quotes "<|im_end|>" would end its turn and move every span after it. Where a content
 * spells one out, it is tokenized apart from what stands around it; all others are tokenized in one go with the template's
 * text, as the model was trained.
 */
export function tokenizeConversation(
  text: string,
  contents: readonly TextRange[],
  vocabulary: Vocabulary,
  bos: string,
): TokenizedText {
  const segments = splitAtControlTokens(text, contents, vocabulary);
  const addBos = vocabulary.addsBos && (bos === '' || !text.startsWith(bos));
  const ids: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  let from = 0;
  for (const [index, segment] of segments.entries()) {
    const tokens = vocabulary.tokenize(segment.text, segment.special, addBos && index === 0);
    const offsets = tokenOffsets(segment.text, tokens, vocabulary);
    for (const [i, token] of tokens.entries()) {
      ids.push(token);
      start.push(from + offsets.start[i]!);
      end.push(from + offsets.end[i]!);
    }
    from += segment.text.length;
  }
  return { tokens: Int32Array.from(ids), start: Int32Array.from(start), end: Int32Array.from(end) };
}

/** The tokens that share a character with [start, end): a half-open token range. Undefined where there is none. */
export function tokenRange(text: TokenizedText, start: number, end: number): { from: number; to: number } | undefined {
  let from = -1;
  let to = -1;
  for (let i = 0; i < text.tokens.length; i++) {
    if (text.end[i]! <= start || text.start[i]! >= end || text.start[i] === text.end[i]) continue;
    if (from < 0) from = i;
    to = i + 1;
  }
  return from < 0 ? undefined : { from, to };
}

interface Segment {
  text: string;
  special: boolean;
}

/** Cuts out the contents in which the tokenizer would see control tokens; nearly always there are none. */
function splitAtControlTokens(text: string, contents: readonly TextRange[], vocabulary: Vocabulary): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const range of contents) {
    if (range.start < from || range.end === range.start) continue;
    const content = text.slice(range.start, range.end);
    if (sameTokens(vocabulary.tokenize(content, true, false), vocabulary.tokenize(content, false, false))) continue;
    if (range.start > from) segments.push({ text: text.slice(from, range.start), special: true });
    segments.push({ text: content, special: false });
    from = range.end;
  }
  if (from < text.length || segments.length === 0) segments.push({ text: text.slice(from), special: true });
  return segments;
}

function sameTokens(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((token, index) => token === other[index]);
}

const SPACE = 0x20;

/** Walks the bytes of the pieces along the bytes of the text. */
function tokenOffsets(text: string, tokens: Int32Array, vocabulary: Vocabulary): { start: number[]; end: number[] } {
  const bytes = Buffer.from(text, 'utf8');
  const characters = characterOfByte(text, bytes.length);
  const start: number[] = [];
  const end: number[] = [];
  let at = 0;
  for (const token of tokens) {
    let piece = Buffer.from(vocabulary.piece(token, true));
    // SentencePiece vocabularies may put a space before a text that has none.
    if (at === 0 && piece[0] === SPACE && bytes[0] !== SPACE) piece = piece.subarray(1);
    const matches = bytes.subarray(at, at + piece.length).equals(piece);
    if (!matches && at > 0) throw rewritten(text, characters[at] ?? text.length);
    // A token before the text that is not in it: the BOS that the vocabulary adds.
    const length = matches ? piece.length : 0;
    start.push(characters[at]!);
    at += length;
    // A token that ends within a character reaches to that character's end.
    end.push(length === 0 ? characters[at]! : characters[at - 1]! + characterLength(text, characters[at - 1]!));
  }
  if (at !== bytes.length) throw rewritten(text, characters[at] ?? text.length);
  return { start, end };
}

/** For each byte of the UTF-8 text (and one past its end) the UTF-16 offset of the character that it belongs to. */
function characterOfByte(text: string, bytes: number): Int32Array {
  const offsets = new Int32Array(bytes + 1);
  let byte = 0;
  for (let i = 0; i < text.length;) {
    const point = text.codePointAt(i)!;
    const width = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offsets.fill(i, byte, byte + width);
    byte += width;
    i += point > 0xffff ? 2 : 1;
  }
  offsets[bytes] = text.length;
  return offsets;
}

function characterLength(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}

function rewritten(text: string, offset: number): HumanError {
  return new HumanError(
    'model-unsupported',
    `The model's tokenizer rewrites the text near "${text.slice(Math.max(0, offset - 10), offset + 10)}", so its tokens cannot be matched to the conversation.`,
    'Remove the unusual characters there, or choose another model.',
  );
}
