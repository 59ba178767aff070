import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { BackendMemory } from '../../src/engine/backendMemory.js';
import { EngineClient, type ClientOptions, type EngineState } from '../../src/engine/client.js';
import { ask, DEMO_MODEL, ENGINE } from './engineUnderTest.js';

const BAD_DRIVER = fileURLToPath(new URL('../fixtures/engines/badDriver.mjs', import.meta.url));

let engine: EngineClient | undefined;
const said: string[] = [];
const states: EngineState[] = [];

afterEach(async () => {
  await engine?.dispose();
  said.length = states.length = 0;
  delete process.env['GGML_TEST_DRIVERS'];
});

function start(drivers: Record<string, string>, options: ClientOptions): EngineClient {
  process.env['GGML_TEST_DRIVERS'] = JSON.stringify(drivers);
  return (engine = new EngineClient({
    enginePath: BAD_DRIVER,
    onFallback: (sentence) => said.push(sentence),
    onState: (state) => states.push(state),
    ...options,
  }));
}

async function answers(client: EngineClient): Promise<string> {
  await client.load({ path: DEMO_MODEL, threads: 1 });
  const [result] = await client.generate([ask('Count from 4 to 7.', { maxTokens: 8 })]);
  return result!.text;
}

describe('a GPU that does not work', () => {
  it('that crashes in its trial costs one sentence, and the processor answers', async () => {
    const client = start({ vulkan: 'crash' }, { gpu: 'vulkan' });
    expect(await answers(client)).not.toBe('');
    expect(said).toEqual([
      'Vulkan crashed in its trial on the demo model (SIGSEGV). Models run on the processor instead.',
    ]);
    expect(states).not.toContain('crashed');
    const report = await client.report();
    expect(report).toMatchObject({ backend: 'cpu', fallback: said[0], gpuMemory: null });
    expect(report.offload).toEqual({ gpuLayers: 0, cpuMoeLayers: 0 });
  });

  it('that hangs is given up after the time limit', async () => {
    const client = start({ cuda: 'hang' }, { gpu: 'cuda', trialLimitMs: 1_000 });
    expect(await answers(client)).not.toBe('');
    expect(said).toEqual([
      'CUDA failed its trial on the demo model: it did not finish within 1 s. Models run on the processor instead.',
    ]);
  });

  it('is passed over by "auto", the next one tried, and each told of', async () => {
    const client = start({ cuda: 'exit', vulkan: 'wrong' }, { gpu: 'auto' });
    expect(await answers(client)).not.toBe('');
    expect(said).toEqual([
      'CUDA crashed in its trial on the demo model (exit code 7). ' +
        'Vulkan failed its trial on the demo model: it computes something else. Models run on the processor instead.',
    ]);
  });

  it('is not tried again in the same window, and tried anew once that is asked for', async () => {
    const backends = new BackendMemory();
    await answers(start({ vulkan: 'crash' }, { gpu: 'vulkan', backends }));
    await engine!.dispose();
    await answers(start({ vulkan: 'hang' }, { gpu: 'vulkan', backends }));
    expect(said).toHaveLength(1);
    expect((await engine!.report()).fallback).toBe(said[0]);
    await engine!.dispose();
    backends.forget();
    await answers(start({ vulkan: 'exit' }, { gpu: 'vulkan', backends }));
    expect(said).toHaveLength(2);
  });

  it('does not keep a crash of the engine itself from being told of afterwards', async () => {
    const client = start({ vulkan: 'crash' }, { gpu: 'vulkan' });
    await answers(client);
    process.kill(client.pid!, 'SIGKILL');
    await expect.poll(() => states).toContain('crashed');
    expect(await answers(client)).not.toBe('');
    expect(said).toHaveLength(1);
  });
});

it('a backend that was asked for and is not installed is a sentence, for "auto" none', async () => {
  const names = process.platform === 'darwin' ? 'cuda' : 'metal';
  engine = new EngineClient({ gpu: names, enginePath: ENGINE, onFallback: (sentence) => said.push(sentence) });
  expect(await answers(engine)).not.toBe('');
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/(could not be loaded|has no .* backend).*Models run on the processor instead\.$/s);
});
