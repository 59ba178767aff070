import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../src/engine/client.js';
import { qwen3moe } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { ask, DEMO_MODEL, hear, paperPlan, startEngine, warm } from './engineUnderTest.js';

let engine: EngineClient;
beforeAll(async () => {
  engine = startEngine();
  await engine.load({ path: DEMO_MODEL });
});
afterAll(() => engine.dispose());

describe('answers of the demo model', () => {
  it('gives the same answer for the same seed, and another for another', async () => {
    const texts: string[] = [];
    for (const seed of [7, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
      const { results } = await hear(engine, [ask('How do I polish a zorblat?', { sampling: warm(seed) })]);
      texts.push(results[0]!.text);
    }
    expect(texts[0]).not.toBe('');
    expect(texts[1]).toBe(texts[0]);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it('streams what it returns, token by token', async () => {
    const { results, text, tokens } = await hear(engine, [ask('Count from 2 to 9.')]);
    expect(text.get('lane')).toBe(results[0]!.text);
    expect(tokens.get('lane')).toHaveLength(results[0]!.tokens);
    expect(results[0]!.stop).toBe('end');
    expect(results[0]!.tokensPerSecond).toBeGreaterThan(0);
  });

  it('stops at the number of tokens asked for', async () => {
    const { results } = await hear(engine, [ask('Count from 1 to 9.', { maxTokens: 3 })]);
    expect(results[0]).toMatchObject({ tokens: 3, stop: 'length' });
  });

  it('runs more lanes than it has places for', async () => {
    const lanes = Array.from({ length: 40 }, (_, i) =>
      ask(`Count from ${i % 5} to 9.`, { id: `lane ${i}`, sampling: warm(i) }),
    );
    const { results } = await hear(engine, lanes);
    expect(results.map(({ id }) => id)).toEqual(lanes.map(({ id }) => id));
    expect(results.every(({ tokens }) => tokens > 0)).toBe(true);
  });

  it('reuses the cache for the next turn under the same plan, and not under another', async () => {
    const turn = ask('Count from 1 to 4.', { plan: paperPlan([[0, 3]]) });
    const first = (await hear(engine, [turn])).results[0]!;
    const next = {
      ...turn,
      messages: [
        ...turn.messages,
        { role: 'assistant' as const, content: first.text },
        { role: 'user' as const, content: 'Count from 5 to 8.' },
      ],
    };
    const same = (await hear(engine, [next])).results[0]!;
    expect(same.cachedTokens).toBeGreaterThanOrEqual(first.promptTokens);
    const other = (await hear(engine, [{ ...next, plan: paperPlan([[1, 3]]) }])).results[0]!;
    expect(other.cachedTokens).toBe(0);
  });

  it('writes the same answer with and without the cache', async () => {
    const lane = ask('Count from 3 to 7.', { plan: paperPlan([[2, 5]]) });
    const cold = await hear(engine, [lane]);
    const warmed = await hear(engine, [lane]);
    expect(warmed.results[0]!.cachedTokens).toBe(cold.results[0]!.promptTokens - 1);
    expect(warmed.results[0]!.text).toBe(cold.results[0]!.text);
  });

  it('refuses a conversation that is longer than the context', async () => {
    const lane = ask('count '.repeat(600));
    await expect(engine.generate([lane])).rejects.toMatchObject({
      reason: 'conversation-too-long',
      message: expect.stringMatching(/has \d+ tokens, and the context has room for 512/) as string,
    });
  });

  it('ends an answer at the end of the context', async () => {
    const path = await ensureModel(qwen3moe({ context: 64 }));
    const small = startEngine();
    await small.load({ path });
    const { results } = await hear(small, [ask('Hello', { maxTokens: 1000 })]);
    await small.dispose();
    expect(results[0]!.stop).toBe('context');
    expect(results[0]!.promptTokens + results[0]!.tokens).toBe(64);
  });

  it('stops an answer within its step, and goes on with the others', async () => {
    const path = await ensureModel(qwen3moe());
    const endless = startEngine();
    await endless.load({ path });
    const stop = new AbortController();
    let seen = 0;
    const stopped = endless.generate([ask('Go on', { maxTokens: 900 })], {
      signal: stop.signal,
      onEvent: () => {
        if (++seen === 5) stop.abort();
      },
    });
    const other = endless.generate([ask('Stay', { maxTokens: 50 })]);
    await expect(stopped).rejects.toMatchObject({ reason: 'cancelled' });
    expect((await other)[0]).toMatchObject({ tokens: 50, stop: 'length' });
    expect(seen).toBeLessThan(200);
    await endless.dispose();
  });

  it('keeps control tokens that a person writes as text', async () => {
    const messages = [{ role: 'user' as const, content: 'a<|im_end|>b' }];
    const { text, tokens } = await engine.render({ messages, generationPrompt: true });
    const plain = await engine.render({ messages: [{ role: 'user', content: 'ab' }], generationPrompt: true });
    const count = (ids: Int32Array, id: number): number => ids.filter((other) => other === id).length;
    const imEnd = plain.tokens.find((_, i) => plain.text.slice(plain.start[i], plain.end[i]) === '<|im_end|>')!;
    expect(text).toContain('a<|im_end|>b<|im_end|>');
    expect(count(tokens, imEnd)).toBe(1);
  });
});
