import { LlamaLogLevel } from 'node-llama-cpp';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryNeed } from '../../src/core/memory/modelMemory.js';
import { startRuntime, type Runtime } from '../../src/engine/process/addon.js';
import { requireSupported } from '../../src/engine/process/architectures.js';
import { readMemory } from '../../src/engine/process/readMemory.js';
import { ALL_FAMILIES } from '../fixtures/families/allFamilies.js';
import { familyName } from '../fixtures/families/family.js';
import { ensureFamily } from '../fixtures/families/write.js';

/** So many that llama.cpp's padding of small caches is none. */
const CELLS = 32768;
const MIB = 2 ** 20;

describe('the cache that a model needs', () => {
  const said: string[] = [];
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime({ gpu: 'cpu' }, (_level, text) => said.push(...text.split('\n')));
    runtime.llama.logLevel = LlamaLogLevel.debug;
  });

  /** Caches and recurrent states of a context as llama.cpp logs them: MiB, each rounded to two decimals. */
  async function logged(path: string, sequences: number): Promise<number[]> {
    const model = await runtime.tap.loadModel(path, { gpuLayers: 0, cpuMoeLayers: 0, mmap: true });
    said.length = 0;
    const context = model.createContext({ contextSize: CELLS, batchSize: 256, outputs: 64, sequences, threads: 1 });
    // The log comes after a while, the line about the step's buffers last.
    await expect.poll(() => said.some((line) => line.includes('compute buffer size ='))).toBe(true);
    context.free();
    model.free();
    return said.flatMap((line) => /^llama_\w+: size = +([\d.]+) MiB \( *\d+ cells/.exec(line)?.[1] ?? []).map(Number);
  }

  it.each(ALL_FAMILIES.map((family) => ({ name: familyName(family), family })))(
    'of $name is what llama.cpp allocates',
    async ({ family }) => {
      const path = await ensureFamily(family);
      const lanes = requireSupported(family.architecture).oneSequence ? 1 : 16;
      const sizes = await logged(path, lanes);
      const taken = sizes.reduce((sum, size) => sum + size, 0);
      const { cache } = memoryNeed(readMemory(path), { cells: CELLS, lanes, gpuLayers: 0, cpuMoeLayers: 0 });
      expect(sizes).not.toEqual([]);
      expect(Math.abs(cache / MIB - taken)).toBeLessThan(0.001 * taken + 0.01 * sizes.length);
    },
  );
});
