import { describe, expect, it } from 'vitest';
import { tokenizeConversation, tokenRange, type Vocabulary } from '../../../src/engine/process/tokenSpans.js';

/**
 * A vocabulary of bytes, with "<end>" and "<s>" as control tokens 256 and 257, and the two bytes "th" as token 258.
 * `dummySpace` puts a space before each text, as SentencePiece does.
 */
class ByteVocabulary implements Vocabulary {
  constructor(
    readonly addsBos = false,
    private readonly dummySpace = false,
  ) {}

  tokenize(text: string, parseSpecial: boolean, addSpecial: boolean): Int32Array {
    const ids = addSpecial ? [257] : [];
    const pieces = parseSpecial ? text.split(/(<end>|<s>)/) : [text];
    for (const piece of pieces) {
      if (parseSpecial && piece === '<end>') ids.push(256);
      else if (parseSpecial && piece === '<s>') ids.push(257);
      else for (const part of this.words(piece)) ids.push(...part);
    }
    return Int32Array.from(ids);
  }

  piece(token: number): Uint8Array {
    if (token === 256) return Buffer.from('<end>');
    if (token === 257) return Buffer.from('<s>');
    if (token === 258) return Buffer.from('th');
    return Uint8Array.of(token);
  }

  private words(text: string): number[][] {
    const padded = this.dummySpace && text !== '' ? ` ${text}` : text;
    return padded.split(/(th)/).map((part) => (part === 'th' ? [258] : [...Buffer.from(part)]));
  }
}

const at = (text: string, part: string): { start: number; end: number } => ({
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
});

describe('tokenizeConversation', () => {
  it('gives every token its characters', () => {
    const text = 'a the<end>';
    const { tokens, start, end } = tokenizeConversation(text, [], new ByteVocabulary(), '');
    expect([...tokens]).toEqual([0x61, 0x20, 258, 0x65, 256]);
    expect([...tokens].map((_, i) => text.slice(start[i], end[i]))).toEqual(['a', ' ', 'th', 'e', '<end>']);
  });

  it('counts in UTF-16 units where tokens are parts of a character', () => {
    const text = 'é€😀x';
    const { start, end } = tokenizeConversation(text, [], new ByteVocabulary(), '');
    expect([...start]).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 2, 4]);
    expect([...end]).toEqual([1, 1, 2, 2, 2, 4, 4, 4, 4, 5]);
  });

  it('does not read control tokens in what a person wrote', () => {
    const text = 'hi <end><end>';
    const { tokens } = tokenizeConversation(text, [at(text, 'hi <end>')], new ByteVocabulary(), '');
    expect([...tokens]).toEqual([...Buffer.from('hi <end>'), 256]);
  });

  it('keeps every span in its place when a person writes control tokens', () => {
    const text = '<s>a<end>b<end><s>the answer<end>';
    const [asked, answered] = ['a<end>b', 'the answer'].map((part) => at(text, part));
    const spans = tokenizeConversation(text, [asked!, answered!], new ByteVocabulary(), '<s>');
    expect([...spans.tokens].filter((token) => token === 256)).toHaveLength(2);
    const range = tokenRange(spans, answered!.start, answered!.end)!;
    const [first, last] = [spans.start[range.from]!, spans.end[range.to - 1]!];
    expect(text.slice(first, last)).toBe('the answer');
    expect([...spans.tokens.slice(range.to)]).toEqual([256]);
  });

  it('adds BOS where the vocabulary wants it and the template has not', () => {
    const vocabulary = new ByteVocabulary(true);
    const without = tokenizeConversation('ab', [], vocabulary, '<s>');
    expect([...without.tokens]).toEqual([257, 0x61, 0x62]);
    expect([without.start[0], without.end[0]]).toEqual([0, 0]);
    expect([...tokenizeConversation('<s>ab', [], vocabulary, '<s>').tokens]).toEqual([257, 0x61, 0x62]);
  });

  it('forgives the space that SentencePiece puts before a text', () => {
    const text = 'xth';
    const { start, end } = tokenizeConversation(text, [], new ByteVocabulary(true, true), '');
    expect([...start]).toEqual([0, 0, 0, 1]);
    expect([...end]).toEqual([0, 0, 1, 3]);
  });

  it('refuses a tokenizer that rewrites the text', () => {
    const vocabulary = new ByteVocabulary();
    const lowering: Vocabulary = {
      addsBos: false,
      tokenize: (text, special, add) => vocabulary.tokenize(text.toLowerCase(), special, add),
      piece: (token) => vocabulary.piece(token),
    };
    expect(() => tokenizeConversation('aBc', [], lowering, '')).toThrow(/rewrites the text/);
  });
});

describe('tokenRange', () => {
  const text = 'a the<end>';
  const tokenized = tokenizeConversation(text, [], new ByteVocabulary(), '');

  it('takes every token that shares a character with the span', () => {
    expect(tokenRange(tokenized, 2, 5)).toEqual({ from: 2, to: 4 });
    expect(tokenRange(tokenized, 3, 4)).toEqual({ from: 2, to: 3 });
    expect(tokenRange(tokenized, 0, text.length)).toEqual({ from: 0, to: 5 });
  });

  it('knows when there is none', () => {
    expect(tokenRange(tokenized, 2, 2)).toBeUndefined();
    expect(tokenRange(tokenized, 50, 60)).toBeUndefined();
  });
});
