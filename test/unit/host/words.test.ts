import { describe, expect, it } from 'vitest';
import { parsePairs } from '../../../src/core/pairs/parsePairs.js';
import { progressWords } from '../../../src/host/detection/progressWords.js';
import { expertsPath, fileNameOf, stem } from '../../../src/host/filePaths.js';
import { modelWords, sizeWords } from '../../../src/host/models/modelWords.js';
import { renderedText } from '../../../src/engine/renderedText.js';
import { pairsWords } from '../../../src/host/pairs/pairsWords.js';
import { pairLine, pairsHeader, withLine } from '../../../src/host/playground/pairLine.js';
import type { SideAnswer, Turn } from '../../../src/protocol/webview.js';

function answer(text: string): SideAnswer {
  const figures = { tokenEnds: [], tokensPerSecond: 0, planKey: 'none', planWords: '' };
  return { text, state: 'done', stop: 'end', failure: null, ...figures };
}

const TURNS: Turn[] = [
  { id: 1, prompt: 'How many?', baseline: answer('eight "or so"'), steered: answer('8') },
  { id: 2, prompt: 'And then?', baseline: answer('nine'), steered: answer('9') },
];

describe('words of the sidebar', () => {
  it('say how far a detection is', () => {
    const progress = { done: 37, total: 100, failed: 0, tokensPerSecond: 412.3, secondsLeft: 8.2 };
    expect(progressWords(progress)).toBe('37/100 · 412 tok/s · 8 s left');
    expect(progressWords({ ...progress, done: 0, tokensPerSecond: 0, secondsLeft: undefined })).toBe('0/100');
    expect(progressWords({ ...progress, failed: 2, secondsLeft: 75 })).toBe(
      '37/100 · 2 failed · 412 tok/s · 1 min 15 s left',
    );
  });

  it('name files, sizes and models that cannot be used', () => {
    expect(stem('/a/digits.pairs.jsonl')).toBe('digits');
    expect(expertsPath('/a/digits.pairs.csv')).toBe('/a/digits.experts.json');
    expect(fileNameOf('../My Model (Q4)!')).toBe('my-model-q4');
    expect(sizeWords(4_210_000_000)).toBe('4.2 GB');
    const failure = { reason: 'model-dense' as const, message: '', next: '' };
    const room = { context: 0, total: 8e9 };
    expect(modelWords({ failure }, { bytes: 1_500_000, origin: 'folder' }, room)).toBe('1.5 MB · dense: no experts');
    expect(pairsWords(parsePairs('{"prompt": "a", "a": "b", "b": "c"}\n{}', 'x.pairs.jsonl'))).toBe(
      '1 pair · 1 problem',
    );
  });

  it('mark the target span of a rendered conversation', () => {
    const rendered = {
      text: '<user>Hi<bot>Hello',
      tokens: Int32Array.of(1, 2, 3),
      start: Int32Array.of(0, 8, 13),
      end: Int32Array.of(8, 13, 18),
      target: { from: 2, to: 3 },
    };
    expect(renderedText('polite', rendered)).toContain('<user>Hi<bot>⟦Hello⟧');
    expect(renderedText('polite', rendered)).toContain('3 tokens, 1 of them compared');
  });
});

describe('a pair of two answers', () => {
  it('is a line that the pairs reader takes, short for a first turn and long for a later one', () => {
    const text = withLine(
      withLine(pairsHeader('mine', 'steered'), pairLine(TURNS, 1, 'steered', '')!),
      pairLine(TURNS, 2, 'steered', 'Be brief.')!,
    );
    const { set, problems } = parsePairs(text, 'mine.pairs.jsonl');
    expect(problems).toEqual([]);
    expect(set.labels).toEqual({ a: 'steered', b: 'baseline' });
    expect(set.pairs[0]!.b.messages.at(-1)!.content).toBe('eight "or so"');
    expect(set.pairs[1]!.a.messages.map(({ content }) => content)).toEqual([
      'Be brief.',
      'How many?',
      '8',
      'And then?',
      '9',
    ]);
  });

  it('keeps line breaks, and needs two answers', () => {
    expect(withLine('{}\r\n{}', 'x')).toBe('{}\r\n{}\r\nx\r\n');
    expect(withLine('', 'x')).toBe('x\n');
    expect(pairLine([{ ...TURNS[0]!, baseline: null }], 1, 'steered', '')).toBeUndefined();
  });
});
