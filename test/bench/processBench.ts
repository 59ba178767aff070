import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineClient } from '../../src/engine/client.js';
import { EMPTY_PLAN } from '../../src/core/plans/plan.js';
import type { LaneRequest } from '../../src/protocol/engine.js';
import type { Figure } from './bench.js';
import { median } from './paired.js';

const CELLS = 2048;

function ask(prompt: string, maxTokens: number): LaneRequest {
  return {
    id: 'lane',
    messages: [{ role: 'user', content: prompt }],
    plan: EMPTY_PLAN,
    sampling: { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 1 },
    maxTokens,
    routing: false,
  };
}

/** From the start of the engine process to the first token of an answer. */
export async function startBench(path: string, repeats: number): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const engine = new EngineClient({ gpu: 'cpu' });
    const started = performance.now();
    let first = 0;
    await engine.load({ path });
    await engine.generate([ask('Count from 1 to 5.', 4)], {
      onEvent: () => {
        first ||= performance.now() - started;
      },
    });
    await engine.dispose();
    times.push(first / 1000);
  }
  return {
    name: 'demo model: from start to first token',
    value: median(times),
    unit: 's',
    bound: { at: 2, side: 'most' },
    detail: `${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} s in ${repeats} starts`,
  };
}

/** What the engine holds besides the weights and the KV cache after an answer and a detection (Linux only). */
export async function memoryBench(path: string, shape: string): Promise<Figure[]> {
  const engine = new EngineClient({ gpu: 'cpu' });
  try {
    const model = await engine.load({ path, contextSize: CELLS });
    await engine.generate([ask('word '.repeat(300), 16)]);
    const side = (text: string) => ({
      messages: [
        { role: 'user' as const, content: 'word '.repeat(100) },
        { role: 'assistant' as const, content: text.repeat(100) },
      ],
      target: { message: 1, start: 0, end: text.length * 100 },
    });
    await engine.detect(
      { pairs: [{ index: 0, a: side('yes '), b: side('no ') }], routing: false },
      { onPair: () => undefined, onFailed: () => undefined },
    );
    const { resident, mapped } = await memoryOf(engine.pid!, basename(path));
    const cache = cacheBytes(model.layers);
    const megabytes = (bytes: number): number => bytes / 2 ** 20;
    return [
      {
        name: `${shape}: engine memory beyond weights and KV cache`,
        value: megabytes(resident - mapped - cache),
        unit: 'MB',
        bound: { at: 150, side: 'most' },
        detail: `${megabytes(resident).toFixed(0)} MB resident, ${megabytes(mapped).toFixed(0)} of them weights, ${megabytes(cache).toFixed(0)} KV cache`,
      },
    ];
  } finally {
    await engine.dispose();
  }
}

/** KV cache of the OLMoE-shaped bench model: K and V, 8 heads of 64, F16. */
function cacheBytes(layers: number): number {
  return CELLS * layers * 2 * 8 * 64 * 2;
}

/** Resident bytes of a process, and of those the ones that map the model's file. */
async function memoryOf(pid: number, model: string): Promise<{ resident: number; mapped: number }> {
  const maps = await readFile(`/proc/${pid}/smaps`, 'utf8');
  let resident = 0;
  let mapped = 0;
  let ofModel = false;
  for (const row of maps.split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(row)) ofModel = row.endsWith(model);
    const size = /^Rss:\s+(\d+) kB/.exec(row)?.[1];
    if (size === undefined) continue;
    resident += Number(size) * 1024;
    if (ofModel) mapped += Number(size) * 1024;
  }
  return { resident, mapped };
}
