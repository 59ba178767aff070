import { stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { fitGpu } from '../../src/core/memory/fitGpu.js';
import { memoryNeed } from '../../src/core/memory/modelMemory.js';
import type { EngineClient } from '../../src/engine/client.js';
import { readMemory } from '../../src/engine/process/readMemory.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { olmoeBench, qwen3moe, qwen3moeTied } from '../fixtures/models/presets.js';
import { ask, startEngine } from './engineUnderTest.js';

let engine: EngineClient | undefined;
afterEach(() => engine?.dispose());

/** 8 layers, 140 MB: large enough that the engine process itself does not hide what the model takes. */
const SPEC = olmoeBench({ name: 'Memory OLMoE', layers: 8, embedding: 256, heads: 4, keyValueHeads: 4, seed: 31 });
const MIB = 2 ** 20;

describe('the memory that a model needs', () => {
  it.each([8192, 32768])('is what the engine takes, within an eighth (%i cells)', async (cells) => {
    engine = startEngine();
    const path = await ensureModel(SPEC);
    const memory = await engine.readMemory(path);
    const need = memoryNeed(memory, { cells, lanes: 16, gpuLayers: 0, cpuMoeLayers: 0 });
    await engine.load({ path, contextSize: cells, lanes: 16, threads: 1 });
    // Different prompts, so that every expert is read from the disk once.
    for (let seed = 0; seed < 4; seed++)
      await engine.generate([ask(`${seed} ${'word '.repeat(150)}${seed}`, { maxTokens: 4 })]);
    const { memory: taken } = await engine.report();
    expect(need.gpu).toBe(0);
    expect(need.weights / taken.modelBytes).toBeCloseTo(1, 2);
    expect(need.cpu / taken.residentBytes).toBeGreaterThan(7 / 8);
    expect(need.cpu / taken.residentBytes).toBeLessThan(9 / 8);
  });

  it('has a cache of keys and values by heads, and all weights of the file', async () => {
    for (const spec of [qwen3moe(), qwen3moeTied()]) {
      const path = await ensureModel(spec);
      const memory = readMemory(path);
      const need = memoryNeed(memory, { cells: 1000, lanes: 4, gpuLayers: 0, cpuMoeLayers: 0 });
      // 1,000 cells are rounded up to 1,024.
      expect(need.cache).toBe(1024 * spec.layers * 2 * spec.keyValueHeads * spec.headSize * 2);
      expect(memory.tied).toBe(spec.tied);
      expect(memory.vocabulary).toBe(spec.vocabularySize);
      const { size } = await stat(path);
      expect(need.weights).toBeLessThan(size);
      expect(need.weights).toBeGreaterThan(size * 0.95);
    }
  });

  // llama.cpp's own log of this file on a Vulkan device: buffers of the model, the cache and the step, in MiB.
  it.each([
    { offload: { gpuLayers: 5, cpuMoeLayers: 0 }, model: 65.38, cache: 32, compute: 17.07, left: 65.38 },
    { offload: { gpuLayers: 9, cpuMoeLayers: 3 }, model: 79.46, cache: 64, compute: 13, left: 52.29 },
  ])('is split as llama.cpp splits it: $offload', async ({ offload, model, cache, compute, left }) => {
    const memory = readMemory(await ensureModel(SPEC));
    const need = memoryNeed(memory, { cells: 8192, lanes: 16, ...offload });
    expect((need.gpu - 2 * need.compute) / MIB).toBeCloseTo(model + cache, 1);
    // Where experts stay behind, the part of the file that is mapped for them has other tensors in between.
    expect(need.weights / MIB - model).toBeLessThan(left + 0.05);
    expect(need.weights / MIB - model).toBeGreaterThan(left * 0.97);
    expect(need.gpu / MIB).toBeGreaterThan(model + cache + compute);
    expect(need.gpu / MIB).toBeLessThan((model + cache + compute) * 1.25);
  });

  it('fits into a GPU by leaving experts of the first layers to the processor, then whole layers', async () => {
    const memory = readMemory(await ensureModel(SPEC));
    const context = { cells: 8192, lanes: 16 };
    const fit = (mib: number) => fitGpu(memory, context, mib * MIB);
    expect(fit(400)).toEqual({ gpuLayers: 9, cpuMoeLayers: 0 });
    expect(fit(200)).toEqual({ gpuLayers: 9, cpuMoeLayers: 3 });
    expect(fit(90)).toMatchObject({ cpuMoeLayers: 8 });
    expect(fit(90).gpuLayers).toBeLessThan(9);
    expect(fit(10)).toEqual({ gpuLayers: 0, cpuMoeLayers: 0 });
    for (const mib of [400, 200, 90]) {
      const { gpu } = memoryNeed(memory, { ...context, ...fit(mib) });
      expect(gpu / MIB).toBeLessThan(mib * 0.9);
    }
    expect(fitGpu(memory, { ...context, cpuMoeLayers: 100 }, 400 * MIB)).toEqual({ gpuLayers: 9, cpuMoeLayers: 8 });
  });
});
