import { afterEach, expect, it } from 'vitest';
import type { EngineClient } from '../../src/engine/client.js';
import { qwen3moe } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { ask, conversation, startEngine } from './engineUnderTest.js';

let engine: EngineClient | undefined;
afterEach(() => engine?.dispose());

async function started(): Promise<EngineClient> {
  engine = startEngine();
  await engine.load({ path: await ensureModel(qwen3moe()) });
  return engine;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('says in a sentence that the engine was killed, and works again at the next request', async () => {
  const client = await started();
  const pid = client.pid!;
  const answer = client.generate([ask('Go on', { maxTokens: 900 })], {
    onEvent: () => {
      if (alive(pid)) process.kill(pid, 'SIGKILL');
    },
  });
  await expect(answer).rejects.toMatchObject({
    reason: 'engine-crashed',
    message: expect.stringContaining('The engine stopped while writing an answer: it was killed (SIGKILL)') as string,
  });
  expect(alive(pid)).toBe(false);
  const [result] = await client.generate([ask('Go on', { maxTokens: 5 })]);
  expect(result!.tokens).toBe(5);
  expect(client.pid).not.toBe(pid);
});

it('keeps every pair that was finished before the engine was killed', async () => {
  const client = await started();
  const pairs = Array.from({ length: 60 }, (_, index) => ({
    index,
    a: conversation(`Question ${index}`, 'Yes, surely. '.repeat(10)),
    b: conversation(`Question ${index}`, 'No, never. '.repeat(10)),
  }));
  const done: number[] = [];
  const detection = client.detect(
    { pairs, routing: false },
    {
      onPair: ({ index }) => {
        done.push(index);
        if (done.length === 5) process.kill(client.pid!, 'SIGKILL');
      },
      onFailed: () => undefined,
    },
  );
  await expect(detection).rejects.toMatchObject({ reason: 'engine-crashed' });
  expect(done.length).toBeGreaterThanOrEqual(5);
  expect(done.length).toBeLessThan(60);
  expect(done).toEqual(done.map((_, i) => i));
});

it('stops a detection when asked, and can start the next at once', async () => {
  const client = await started();
  const pairs = Array.from({ length: 200 }, (_, index) => ({
    index,
    a: conversation('Is it so?', `Yes ${index}. `.repeat(20)),
    b: conversation('Is it so?', `No ${index}. `.repeat(20)),
  }));
  const stop = new AbortController();
  let done = 0;
  const detection = client.detect(
    { pairs, routing: false },
    {
      onPair: () => {
        if (++done === 3) stop.abort();
      },
      onFailed: () => undefined,
      signal: stop.signal,
    },
  );
  await expect(detection).rejects.toMatchObject({ reason: 'cancelled' });
  expect(done).toBeLessThan(200);
  const summary = await client.detect(
    { pairs: pairs.slice(0, 2), routing: false },
    { onPair: () => undefined, onFailed: () => undefined },
  );
  expect(summary.pairs).toBe(2);
});

it('gives up after four crashes in a row', async () => {
  const client = await started();
  for (let crash = 0; crash < 4; crash++) {
    const pid = client.pid!;
    const answer = client.generate([ask('Go on', { maxTokens: 900 })], {
      onEvent: () => {
        if (alive(pid)) process.kill(pid, 'SIGKILL');
      },
    });
    await expect(answer).rejects.toMatchObject({ reason: 'engine-crashed' });
    if (crash < 3) await client.generate([ask('Hello', { maxTokens: 1 })]);
  }
  await expect(client.generate([ask('Hello')])).rejects.toMatchObject({
    reason: 'engine-crashed',
    message: expect.stringContaining('four times within three minutes') as string,
  });
});

it('gives the process back when idle and loads the model again by itself', async () => {
  engine = startEngine({ idleMinutes: 0.5 / 60 });
  await engine.load({ path: await ensureModel(qwen3moe()) });
  const pid = engine.pid!;
  await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  const [result] = await engine.generate([ask('Hello', { maxTokens: 3 })]);
  expect(result!.tokens).toBe(3);
});

it('leaves no process behind', async () => {
  const client = await started();
  const pid = client.pid!;
  await client.dispose();
  expect(alive(pid)).toBe(false);
});
