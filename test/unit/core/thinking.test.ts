import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import { pairFingerprint } from '../../../src/core/pairs/pairFingerprint.js';
import { parsePairs } from '../../../src/core/pairs/parsePairs.js';
import {
  answerAndThinking,
  chosenThinking,
  possibleThinking,
  thinkingWords,
  type ThinkingSwitch,
} from '../../../src/core/thinking.js';

const read = (...lines: unknown[]) => parsePairs(lines.map((line) => JSON.stringify(line)).join('\n'), 'x.pairs.jsonl');

const compared = (answer: string): string => {
  const { set } = read({ prompt: 'Why?', a: answer, b: 'No.' });
  const { messages, target } = set.pairs[0]!.a;
  return messages[target.message]!.content.slice(target.start, target.end);
};

describe('what is compared of an answer with thinking', () => {
  it.each([
    ['Because.', 'Because.'],
    ['<think>\nhm </think>\n\nBecause.', 'Because.'],
    [' <think></think>Because. ', 'Because. '],
    ['<seed:think>hm</seed:think>Because.', 'Because.'],
    ['[THINK]hm[/THINK]Because.', 'Because.'],
    ['<thinking>hm</thinking> Because.', 'Because.'],
    ['Because <think>is a tag</think> I say so.', 'Because <think>is a tag</think> I say so.'],
    ['<think>without an end', '<think>without an end'],
  ])('%j: %j', (answer, expected) => {
    expect(compared(answer)).toBe(expected);
  });

  it('is an error where nothing but thinking is there', () => {
    const { set, problems } = read({ prompt: 'Why?', a: '<think>hm</think>\n', b: 'No.' });
    expect(set.pairs).toHaveLength(0);
    expect(problems[0]!.message).toMatch(/empty/);
  });
});

describe('thinking as a field of a message', () => {
  const side = (fields: object) => ({
    messages: [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because.', ...fields },
    ],
  });

  it.each(['thinking', 'reasoning_content', 'reasoning'])('is read from "%s"', (field) => {
    const { set, problems } = read({ a: side({ [field]: 'hm' }), b: side({}) });
    expect(problems).toEqual([]);
    expect(set.pairs[0]!.a.messages[1]).toEqual({ role: 'assistant', content: 'Because.', thinking: 'hm' });
    expect(set.pairs[0]!.a.target).toEqual({ message: 1, start: 0, end: 8 });
  });

  it('tells pairs apart', () => {
    const [plain, thought] = read(
      { a: side({}), b: side({ thinking: 'x' }) },
      { a: side({ thinking: 'y' }), b: side({}) },
    ).set.pairs;
    expect(pairFingerprint(plain!)).not.toBe(pairFingerprint(thought!));
  });

  it('must be a string, and an assistant’s', () => {
    const { problems } = read(
      { a: side({ thinking: 1 }), b: side({}) },
      { a: { messages: [{ role: 'user', content: 'x', thinking: 'y' }], target: 'x' }, b: side({}) },
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'The thinking of a message must be a string, but this is a number.',
      'Only an assistant thinks, but this message is of the role "user".',
    ]);
  });
});

describe('chosenThinking', () => {
  const thinking: ThinkingSwitch = { variable: 'enable_thinking', modes: ['off', 'on'] };
  const able = { name: 'Thinker', thinking };
  const plain = { name: 'Plain' };

  it('is off where nothing is said and it can be, as in the paper', () => {
    expect(chosenThinking(able, undefined)).toBe('off');
    expect(
      chosenThinking({ name: 'x', thinking: { variable: 'v', modes: ['low', 'high'] } }, undefined),
    ).toBeUndefined();
    expect(chosenThinking(plain, undefined)).toBeUndefined();
  });

  it('is what was asked for', () => {
    expect(chosenThinking(able, 'on')).toBe('on');
    expect(chosenThinking(able, 'model')).toBeUndefined();
    expect(chosenThinking(plain, 'model')).toBeUndefined();
  });

  it('says so where the model cannot', () => {
    expect(() => chosenThinking(plain, 'off')).toThrow(HumanError);
    expect(() => chosenThinking(plain, 'off')).toThrow(/Plain cannot be set to "off".*no switch/);
    expect(() => chosenThinking(able, 'high')).toThrow(
      expect.objectContaining({ next: 'Choose "off", "on", or leave the choice to the model.' }),
    );
  });

  it('of a setting is what the model can', () => {
    expect(possibleThinking(thinking, 'on')).toBe('on');
    expect(possibleThinking(thinking, 'high')).toBeUndefined();
    expect(possibleThinking(thinking, 'model')).toBeUndefined();
    expect(possibleThinking(undefined, 'off')).toBeUndefined();
  });

  it('is told in words', () => {
    expect(thinkingWords(thinking)).toBe('can be switched (enable_thinking): off, on');
    expect(thinkingWords(undefined)).toMatch(/no switch/);
  });
});

const ANALYSIS = '<|channel|>analysis<|message|>';
const FINAL = '<|start|>assistant<|channel|>final<|message|>';

it.each([
  ['Yes.', { content: 'Yes.' }],
  ['<think>\nhm\n</think>\n\nYes.', { content: 'Yes.', thinking: 'hm' }],
  ['<think>\n\n</think>\n\nYes.', { content: 'Yes.' }],
  [`${ANALYSIS}hm<|end|>${FINAL}Yes.`, { content: 'Yes.', thinking: 'hm' }],
  [`${ANALYSIS}hm, hm`, { content: '', thinking: 'hm, hm' }],
])('answerAndThinking(%j)', (text, expected) => {
  expect(answerAndThinking(text)).toEqual(expected);
});
