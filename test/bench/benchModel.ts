import type { NativeContext } from '../../native/tap.d.ts';
import { startRuntime, type Runtime } from '../../src/engine/process/addon.js';
import { LoadedModel, type ContextSize } from '../../src/engine/process/loadedModel.js';
import { defaultThreads } from '../../src/engine/threads.js';

let runtime: Promise<Runtime> | undefined;

/** Loads a model into this very process, so that plain and steered contexts share weights, library and threads. */
export async function loadHere(path: string): Promise<LoadedModel> {
  runtime ??= startRuntime({ gpu: 'cpu' }, () => undefined);
  return LoadedModel.load(
    await runtime,
    { path, contextSize: 2048, gpuLayers: 0, cpuMoeLayers: 0, threads: defaultThreads(), lanes: 16 },
    () => undefined,
  );
}

/** llama.cpp as it is: the same weights and kind of threadpool, but no callback at all. */
export function plainContext(model: LoadedModel, size: ContextSize): NativeContext {
  return model.native.createContext({
    contextSize: size.cells,
    batchSize: size.batch,
    outputs: size.outputs,
    sequences: size.sequences,
    threads: model.threads,
  });
}

/** Ordinary tokens, another text for each seed. */
export function randomTokens(model: LoadedModel, count: number, seed: number): Int32Array {
  let state = (seed + 1) * 2654435761;
  return Int32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 300 + (state % (Math.min(model.native.vocabulary, 500) - 300));
  });
}

/** A plan of the size that the paper uses for OLMoE: 5 experts activated, 50 deactivated. */
export function benchPlan(model: LoadedModel): { mode: 'paper'; values: Float32Array } {
  const { moeLayers, experts } = model.description;
  const values = new Float32Array(moeLayers.length * experts);
  for (let i = 0; i < 50; i++) values[(i * 37) % values.length] = -1;
  for (let i = 0; i < 5; i++) values[(i * 211 + 3) % values.length] = 1;
  return { mode: 'paper', values };
}
