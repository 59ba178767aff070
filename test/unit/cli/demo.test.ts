import { describe, expect, it } from 'vitest';
import { ask, measured } from '../../../src/cli/demo/condition.js';
import { parseHeldOut } from '../../../src/cli/demo/demoFolder.js';
import { judge } from '../../../src/cli/demo/judge.js';
import { rateText, wilson } from '../../../src/cli/demo/wilson.js';
import { EMPTY_PLAN } from '../../../src/core/plans/plan.js';
import type { LaneRequest, LaneResult } from '../../../src/protocol/engine.js';

const TEXT = [
  '{"name": "Digits", "labels": {"a": "digits", "b": "words"}, "marks": {"a": "[0-9]", "b": "\\\\b(one|two)\\\\b"}}',
  '{"prompt": "Count to two.", "expect": {"a": "1, 2\\\\.", "b": "one, two\\\\."}}',
  '{"prompt": "Say x.", "marks": {"a": "x", "b": "y"}, "expect": {"a": "x|xx", "b": "y"}}',
].join('\n');

describe('held-out lines', () => {
  const [first, second] = parseHeldOut(TEXT);

  it('take from the first line what they do not have', () => {
    expect(first!.marks.a.source).toBe('[0-9]');
    expect(second!.marks.a.source).toBe('x');
  });

  it.each([
    ['1, 2.', true, 'a', true],
    ['  one, two.\n', true, 'b', true],
    ['1, two.', true, 'neither', false],
    ['hello', true, 'neither', false],
    ['1, 2.', false, 'a', false],
    ['1, 2. 3', true, 'a', false],
  ])('judge %j (ended: %s) as %s, well-formed: %s', (text, ended, side, wellFormed) => {
    expect(judge(first!, { text, ended })).toEqual({ side, wellFormed });
  });

  it('match wholes, alternatives too', () => {
    expect(judge(second!, { text: 'xx', ended: true }).wellFormed).toBe(true);
    expect(judge(second!, { text: 'xxx', ended: true }).wellFormed).toBe(false);
  });
});

describe("Wilson's interval", () => {
  it('is what the formula gives, and stays in bounds', () => {
    expect(rateText(wilson(48, 48))).toBe('1.00 [.93, 1.00]');
    expect(rateText(wilson(0, 48))).toBe('.00 [.00, .07]');
    expect(rateText(wilson(24, 48))).toBe('.50 [.36, .64]');
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
  });
});

describe('conditions', () => {
  it('ask every prompt in one request, with a seed a prompt that is the same in all of them', async () => {
    const asked: LaneRequest[][] = [];
    const engine = {
      generate: (lanes: LaneRequest[]): Promise<LaneResult[]> => {
        asked.push(lanes);
        const answer = { tokens: 1, promptTokens: 1, cachedTokens: 0, tokensPerSecond: 1, stop: 'end' as const };
        return Promise.resolve(
          lanes.map(({ id, messages }) => ({ id, text: messages.length > 1 ? '1, 2.' : 'x', ...answer })),
        );
      },
    };
    const conditions = [
      { id: 'plain', plan: EMPTY_PLAN },
      { id: 'system', plan: EMPTY_PLAN, system: 'Be kind.' },
    ];
    const answers = await ask(engine, conditions, parseHeldOut(TEXT));
    expect(asked).toHaveLength(1);
    expect(asked[0]!.map(({ sampling }) => sampling.seed)).toEqual([1, 2, 1, 2]);
    expect(asked[0]!.every(({ sampling }) => sampling.temperature === 1)).toBe(true);
    expect(measured(answers.get('system')!)).toMatchObject({ a: { count: 1, n: 2 }, wellFormed: { count: 1 } });
    expect(measured(answers.get('plain')!)).toMatchObject({ a: { count: 1 }, neither: { count: 1 } });
  });
});
