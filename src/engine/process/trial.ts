import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NativeContext, StepResult } from '../../../native/tap.d.ts';
import { HumanError } from '../../core/humanError.js';
import type { Runtime } from './addon.js';
import { inspect } from './inspect.js';
import { nativeFailure } from './nativeFailure.js';
import { probeRouters } from './routerProbe.js';

/** Any tokens of the demo's vocabulary. A prompt is computed by other programs of a GPU than a single token. */
const PROMPT = Int32Array.from({ length: 24 }, (_, i) => 300 + 7 * i);

/** Near ties fall out differently by rounding, one selection in a hundred; a broken driver gets most of them wrong. */
const MOST_DIFFERENT = 0.2;

/**
 * Proves a GPU backend on the demo model: weights on the GPU, a prompt and a token, routing like the processor's. Throws
 * HumanError where it fails or computes something else; a driver that crashes takes the process with it.
 */
export async function trial(runtime: Runtime): Promise<void> {
  const expected = await selections(runtime, 0);
  const got = await selections(runtime, -1);
  const differ = expected.filter((set, i) => set !== got[i]).length;
  if (differ <= expected.length * MOST_DIFFERENT) return;
  throw new HumanError(
    'engine-failed',
    `it computes something else than the processor (${differ} of ${expected.length} selections of experts differ)`,
    'Update the driver of the GPU.',
  );
}

/** The experts that each layer selects for each token, as texts. */
async function selections({ tap }: Runtime, gpuLayers: number): Promise<string[]> {
  const path = demoModel();
  const { description } = inspect(path);
  const { moeLayers, experts, expertsPerToken } = description;
  const model = await tap.loadModel(path, { gpuLayers, cpuMoeLayers: 0, mmap: true });
  let context: NativeContext | undefined;
  try {
    const found = await probeRouters(model, description, 1);
    context = model.createContext({
      contextSize: 256,
      batchSize: PROMPT.length,
      outputs: PROMPT.length,
      sequences: 1,
      threads: 1,
      tap: { ...found, layers: Int32Array.from(moeLayers), experts, expertsPerToken },
    });
    const steps: StepResult[] = [];
    for (const [position, tokens] of [[0, PROMPT] as const, [PROMPT.length, PROMPT.subarray(0, 1)] as const])
      steps.push(
        await context.decode({
          tokens,
          positions: tokens.map((_, i) => position + i),
          sequences: Int32Array.from({ length: 2 * tokens.length }, (_, i) => (i % 2 === 0 ? 0 : -1)),
          outputs: new Uint8Array(tokens.length).fill(1),
          routing: new Uint8Array(tokens.length).fill(1),
        }),
      );
    return steps.flatMap(({ routing }) => sets(routing!, expertsPerToken));
  } catch (error) {
    throw nativeFailure(error, 'a step of the demo model failed');
  } finally {
    context?.free();
    model.free();
  }
}

function sets(routing: Uint16Array, size: number): string[] {
  return Array.from({ length: routing.length / size }, (_, i) =>
    routing
      .slice(i * size, (i + 1) * size)
      .sort()
      .join(),
  );
}

/** The bundle stands in dist/ and the demo in media/; in tests the sources stand three folders down. */
function demoModel(): string {
  const candidates = ['../media/demo/demo.gguf', '../../../media/demo/demo.gguf'];
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new HumanError('engine-missing', 'the demo model for its trial is missing', 'Install SteerMoE anew.');
}
