import { expect, it } from 'vitest';
import { parsePairs } from '../../../src/core/pairs/parsePairs.js';
import { pairLine } from '../../../src/host/playground/pairLine.js';
import { readSettings } from '../../../src/host/playground/playgroundRequests.js';
import { NEW_SETTINGS } from '../../../src/host/playground/conversation.js';
import { turnMessages } from '../../../src/host/playground/turnMessages.js';
import type { SideAnswer, Turn } from '../../../src/protocol/webview.js';

const answer = (text: string): SideAnswer => ({
  text,
  tokenEnds: [],
  state: 'done',
  stop: 'end',
  tokensPerSecond: 0,
  failure: null,
  planKey: '',
  planWords: '',
});
const thought = '<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Yes.';
const turns: Turn[] = [
  { id: 1, prompt: 'Sure?', baseline: answer(thought), steered: answer('<think>\nwell\n</think>\n\nNo.') },
  { id: 2, prompt: 'Really?', baseline: null, steered: null },
];

it('what was thought goes back to the model apart from the answer', () => {
  expect(turnMessages(turns, 2, 'baseline', '')).toEqual([
    { role: 'user', content: 'Sure?' },
    { role: 'assistant', content: 'Yes.', thinking: 'hm' },
    { role: 'user', content: 'Really?' },
  ]);
});

it('a pair made of such answers compares the answers alone', () => {
  const { set, problems } = parsePairs(pairLine(turns, 1, 'baseline', '')!, 'x.pairs.jsonl');
  expect(problems).toEqual([]);
  const { a, b } = set.pairs[0]!;
  expect([a, b].map(({ messages, target }) => messages[target.message])).toEqual([
    { role: 'assistant', content: 'Yes.', thinking: 'hm' },
    { role: 'assistant', content: 'No.', thinking: 'well' },
  ]);
});

it('settings from before there was a choice are read, with thinking off', () => {
  const before: Record<string, unknown> = { ...NEW_SETTINGS };
  delete before['thinking'];
  expect(readSettings(before)).toEqual(NEW_SETTINGS);
  expect(readSettings({ ...NEW_SETTINGS, thinking: 'high' })?.thinking).toBe('high');
  expect(readSettings({ ...NEW_SETTINGS, thinking: 'a lot' })).toBeUndefined();
});
