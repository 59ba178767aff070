import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { GenerateHandlers } from '../../../src/engine/client.js';
import { Conversation } from '../../../src/host/playground/conversation.js';
import type { LaneRequest, LaneResult } from '../../../src/protocol/engine.js';
import type { Turn } from '../../../src/protocol/webview.js';

const STEERING = {
  plan: { mode: { kind: 'paper' as const }, activated: [{ layer: 0, expert: 1 }], deactivated: [] },
  key: 'paper +0.1 -',
  words: 'toward digits +1 -0',
};

/** An engine whose lanes say their names, a token a letter, and route each token to expert 7. */
function echo(asked: LaneRequest[][] = []) {
  return {
    generate(lanes: LaneRequest[], handlers?: GenerateHandlers): Promise<LaneResult[]> {
      asked.push(lanes);
      for (const { id } of lanes)
        for (const [index, text] of id.split(/(?=.)/).entries()) {
          handlers?.onEvent?.({ kind: 'token', request: 1, lane: id, index, token: 1, text });
          if (index > 0)
            handlers?.onEvent?.({
              kind: 'routing',
              request: 1,
              lane: id,
              index: index - 1,
              experts: Uint16Array.of(7),
            });
        }
      return Promise.resolve(
        lanes.map(({ id }) => ({
          id,
          text: id,
          tokens: id.length,
          promptTokens: 1,
          cachedTokens: 0,
          tokensPerSecond: 50,
          stop: 'length' as const,
        })),
      );
    },
  };
}

describe('a conversation', () => {
  it('answers both sides in one call, the baseline without a plan, and keeps the routing', async () => {
    const asked: LaneRequest[][] = [];
    const talk = new Conversation(echo(asked), () => undefined);
    await talk.send('Hello', STEERING);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.map(({ id, plan }) => [id, plan.activated.length])).toEqual([
      ['baseline', 0],
      ['steered', 1],
    ]);
    expect(talk.turns[0]!.steered).toMatchObject({
      text: 'steered',
      tokenEnds: [1, 2, 3, 4, 5, 6, 7],
      state: 'done',
      stop: 'length',
      planKey: STEERING.key,
      planWords: STEERING.words,
    });
    expect(talk.tokenExperts(1, 'steered', 0)).toEqual([7]);
    expect(talk.tokenExperts(1, 'steered', 6)).toBeNull();
  });

  it('asks for no thinking where the model can do without, and says nothing of it to others', async () => {
    const asked: LaneRequest[][] = [];
    const thinking = { variable: 'enable_thinking', modes: ['off' as const, 'on' as const] };
    const talk = new Conversation({ ...echo(asked), model: { thinking } }, () => undefined);
    await talk.send('One', STEERING);
    talk.settings = { ...talk.settings, thinking: 'on' };
    await talk.send('Two', STEERING);
    talk.settings = { ...talk.settings, thinking: 'high' };
    await talk.send('Three', STEERING);
    expect(asked.map(([lane]) => lane!.thinking)).toEqual(['off', 'on', undefined]);
    const plain = new Conversation({ ...echo(asked), model: {} }, () => undefined);
    await plain.send('One', STEERING);
    expect(asked.at(-1)!.every((lane) => !('thinking' in lane))).toBe(true);
  });

  it('gives each side its own past', async () => {
    const asked: LaneRequest[][] = [];
    const talk = new Conversation(echo(asked), () => undefined);
    talk.settings = { ...talk.settings, systemPrompt: 'Be brief.' };
    await talk.send('One', STEERING);
    await talk.send('Two', STEERING);
    const contents = asked[1]!.map(({ messages }) => messages.map(({ content }) => content));
    expect(contents).toEqual([
      ['Be brief.', 'One', 'baseline', 'Two'],
      ['Be brief.', 'One', 'steered', 'Two'],
    ]);
  });

  it('drops the turns after one that is edited', async () => {
    const talk = new Conversation(echo(), () => undefined);
    await talk.send('One', STEERING);
    await talk.send('Two', STEERING);
    await talk.again(1, STEERING, 'Uno');
    expect(talk.turns.map(({ prompt }) => prompt)).toEqual(['Uno']);
    await expect(talk.again(2, STEERING)).rejects.toThrow('not there any more');
  });

  it('keeps what a stopped or a failed answer has, and goes on with the next prompt', async () => {
    const broken = {
      generate(_: LaneRequest[], handlers?: GenerateHandlers): Promise<LaneResult[]> {
        handlers?.onEvent?.({ kind: 'token', request: 1, lane: 'steered', index: 0, token: 1, text: 'half' });
        return new Promise((_resolve, reject) => {
          handlers?.signal?.addEventListener('abort', () => {
            reject(new HumanError('cancelled', 'Stopped.', ''));
          });
        });
      },
    };
    const talk = new Conversation(broken, () => undefined);
    const sent = talk.send('One', STEERING);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(talk.answering?.steered).toMatchObject({ text: 'half', state: 'running' });
    expect(talk.turns).toEqual([]);
    await talk.stop();
    await sent;
    expect(talk.turns[0]!.steered).toMatchObject({ text: 'half', state: 'stopped', failure: null });
    const crashed = new Conversation(
      { generate: () => Promise.reject(new HumanError('engine-crashed', 'It stopped.', 'Try again.')) },
      () => undefined,
    );
    await crashed.send('One', STEERING);
    expect(crashed.turns[0]!.baseline).toMatchObject({ state: 'failed', failure: { reason: 'engine-crashed' } });
    expect(crashed.answering).toBeNull();
  });

  it('makes a new object of what changed, and leaves turns that have ended alone', async () => {
    const seen: (Turn | null)[] = [];
    const talk: Conversation = new Conversation(echo(), () => seen.push(talk.answering));
    await talk.send('One', STEERING);
    const before = talk.turns;
    const first = before[0];
    seen.length = 0;
    await talk.send('Two', STEERING);
    // Begun, a token a letter of each side, ended.
    expect(seen).toHaveLength(1 + 'baseline'.length + 'steered'.length + 1);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.at(-1)).toBeNull();
    expect(talk.turns).not.toBe(before);
    expect(talk.turns[0]).toBe(first);
  });

  it('answers two prompts that are sent at once one after the other', async () => {
    const talk = new Conversation(echo(), () => undefined);
    await Promise.all([talk.send('One', STEERING), talk.send('Two', STEERING)]);
    expect(talk.turns.map(({ id, prompt }) => [id, prompt])).toEqual([
      [1, 'One'],
      [2, 'Two'],
    ]);
    expect(talk.turns.every(({ steered }) => steered?.text === 'steered')).toBe(true);
  });
});
