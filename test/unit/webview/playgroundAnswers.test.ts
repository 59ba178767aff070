import { describe, expect, it } from 'vitest';
import { planKey } from '../../../src/core/plans/planKey.js';
import type { SteeringPlan } from '../../../src/core/plans/plan.js';
import type { PlaygroundSnapshot, SideAnswer } from '../../../src/protocol/webview.js';
import { placeOf, tokenAt, tokenBeside, visibleToken } from '../../../webview/playground/answerTokens.js';
import { endWords, figuresWords, isBehind, stateWords } from '../../../webview/playground/answerWords.js';
import { readiness } from '../../../webview/playground/readiness.js';
import { NUMBER_FIELDS, readField } from '../../../webview/playground/samplingFields.js';
import { planOfKey, routingRows } from '../../../webview/playground/tokenRouting.js';

describe('tokens of an answer', () => {
  // "three", a token without text of its own, ", four"
  const ends = [5, 5, 11];

  it('are found by offset', () => {
    expect(tokenAt(ends, 0)).toEqual({ token: 0, start: 0, end: 5 });
    expect(tokenAt(ends, 4)?.token).toBe(0);
    expect(tokenAt(ends, 5)).toEqual({ token: 2, start: 5, end: 11 });
    expect(tokenAt(ends, 11)).toBeNull();
    expect(tokenAt([], 0)).toBeNull();
    expect(placeOf(ends, 1)).toEqual({ token: 1, start: 5, end: 5 });
  });

  it('are walked over, past those without text', () => {
    expect(tokenBeside(ends, null, 1)?.token).toBe(0);
    expect(tokenBeside(ends, 0, 1)?.token).toBe(2);
    expect(tokenBeside(ends, 2, 1)).toBeNull();
    expect(tokenBeside(ends, null, -1)?.token).toBe(2);
    expect(tokenBeside(ends, 2, -1)?.token).toBe(0);
  });

  it('show what is invisible', () => {
    expect(visibleToken(' a\n\t')).toBe('␣a⏎⇥');
  });
});

describe('experts of a token', () => {
  it('stand by layer, with what the plan does to them', () => {
    const plan: SteeringPlan = {
      mode: { kind: 'paper' },
      activated: [{ layer: 2, expert: 7 }],
      deactivated: [{ layer: 0, expert: 3 }],
    };
    expect(routingRows([3, 1, 7, 3], [0, 2], plan)).toEqual([
      {
        layer: 0,
        experts: [
          { expert: 3, state: 'deactivated' },
          { expert: 1, state: 'neutral' },
        ],
      },
      {
        layer: 2,
        experts: [
          { expert: 7, state: 'activated' },
          { expert: 3, state: 'neutral' },
        ],
      },
    ]);
  });

  it.each<SteeringPlan>([
    { mode: { kind: 'paper' }, activated: [], deactivated: [] },
    { mode: { kind: 'paper' }, activated: [{ layer: 10, expert: 127 }], deactivated: [] },
    {
      mode: { kind: 'soft', strength: 2.25 },
      activated: [
        { layer: 0, expert: 1 },
        { layer: 3, expert: 17 },
      ],
      deactivated: [{ layer: 47, expert: 0 }],
    },
  ])('are compared with the plan that an answer carries as its key: $mode.kind', (plan) => {
    expect(planOfKey(planKey(plan))).toEqual(plan);
  });
});

describe('words of an answer', () => {
  const answer: SideAnswer = {
    text: '3, 4',
    tokenEnds: [1, 2, 4],
    state: 'done',
    stop: 'end',
    tokensPerSecond: 61.4,
    failure: null,
    planKey: 'paper +1.1 -',
    planWords: 'toward digits +1 −0',
  };

  it('give its figures', () => {
    expect(figuresWords(answer)).toBe('61 tok/s · 3 tokens');
    expect(figuresWords({ ...answer, tokensPerSecond: 0, tokenEnds: [1] })).toBe('1 token');
    expect(figuresWords({ ...answer, tokensPerSecond: 4.25 })).toBe('4.3 tok/s · 3 tokens');
  });

  it('say how it ended', () => {
    expect(endWords('steered', answer)).toBe('steered answer: 3, 4');
    expect(endWords('baseline', { ...answer, state: 'stopped', stop: null })).toBe('baseline answer, stopped: 3, 4');
    expect(endWords('steered', { ...answer, stop: 'length' })).toBe('steered answer, cut at the token limit: 3, 4');
    expect(stateWords(answer)).toBe('');
    expect(stateWords({ state: 'done', stop: 'context' })).toBe('cut: the context is full');
    expect(stateWords({ state: 'running', stop: null })).toBe('running');
    const failure = { reason: 'engine-crashed' as const, message: 'The engine crashed.', next: 'Restart it.' };
    expect(endWords('steered', { ...answer, state: 'failed', failure })).toContain('The engine crashed.');
  });

  it('call only a steered answer older than the plan', () => {
    expect(isBehind('steered', answer, 'none')).toBe(true);
    expect(isBehind('steered', answer, answer.planKey)).toBe(false);
    expect(isBehind('baseline', { ...answer, planKey: 'none' }, answer.planKey)).toBe(false);
  });
});

describe('whether a prompt can be sent', () => {
  const model = { name: 'demo', summary: '', moeLayers: [0], experts: 4, expertsPerToken: 1 };
  const at = (state: PlaygroundSnapshot['engine']['state'], more: Partial<PlaygroundSnapshot> = {}) =>
    readiness({ model, engine: { state, words: 'words', failure: null }, answering: null, ...more } as never);

  it('follows the engine', () => {
    expect(at('ready')).toEqual({ can: 'send', words: '' });
    expect(at('stopped')).toEqual({ can: 'send', words: 'words' });
    expect(at('loading')).toEqual({ can: 'wait', words: 'words' });
    expect(at('loading', { model: null }).can).toBe('wait');
    expect(at('busy', { answering: { id: 1, prompt: '', baseline: null, steered: null } }).can).toBe('stop');
    expect(at('busy').can).toBe('wait');
    expect(at('ready', { model: null }).can).toBe('choose-model');
  });

  it('says why the engine failed and what to do', () => {
    const failure = { reason: 'out-of-memory' as const, message: 'No memory.', next: 'Close something.' };
    const engine = { state: 'failed' as const, words: '', failure };
    expect(at('failed', { engine })).toEqual({ can: 'restart', words: 'No memory. Close something.' });
  });
});

describe('sampling fields', () => {
  it('read numbers, and say what a number must be', () => {
    const [temperature, topK] = NUMBER_FIELDS;
    expect(readField(temperature!, '0,7')).toBe(0.7);
    expect(readField(topK!, '40')).toBe(40);
    expect(readField(topK!, '4.5')).toBe('Top-k is a whole number from 0 to 1000.');
    expect(readField(temperature!, '')).toBe('Temperature is a number from 0 to 5.');
    expect(readField(temperature!, '-1')).toContain('from 0 to 5');
  });
});
