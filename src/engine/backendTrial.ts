import { HumanError } from '../core/humanError.js';
import { startBackend, supportedBackends } from '../protocol/engine.js';
import type { Backend, EngineOptions } from '../protocol/engineOptions.js';
import type { BackendMemory } from './backendMemory.js';
import type { EngineProcess } from './engineProcess.js';

/** A driver may compile its programs for the first time, which can take a minute; longer than this it hangs. */
export const TRIAL_LIMIT_MS = 180_000;

const NAMES: Record<Backend, string> = { cpu: 'The processor', cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal' };

const WHERE: Record<Backend, string> = { cpu: 'the processor', cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal' };

export interface Trials {
  gpu: EngineOptions['gpu'];
  memory: BackendMemory;
  /** A process that has no backend yet. */
  spawn: () => EngineProcess;
  /** Ends a process whose trial failed. */
  drop: (engine: EngineProcess) => Promise<void>;
  /** How long a GPU may take; TRIAL_LIMIT_MS where absent. */
  limitMs?: number;
}

/**
 * A process with a backend that works: the wanted one, or for "auto" the best that passes, or the processor. A GPU is
 * tried in the very process that then becomes the engine, on the demo model; a driver that crashes, hangs or computes
 * something else takes only that process with it, and the next backend gets a new one. Fails where not even the
 * processor works, and with "cancelled" when the engine is stopped meanwhile.
 */
export async function startWithBackend(trials: Trials): Promise<{ engine: EngineProcess; backend: Backend }> {
  const { gpu, memory } = trials;
  for (const backend of await candidates(trials)) {
    if (memory.hasFailed(backend)) continue;
    const engine = trials.spawn();
    try {
      await tryBackend(engine, backend, trials);
      memory.pass(backend);
      const failures = memory.failures();
      if (failures.length > 0) memory.fallback = `${failures.join(' ')} Models run on ${WHERE[backend]} instead.`;
      return { engine, backend };
    } catch (error) {
      if (backend === 'cpu' || isCancelled(error)) throw error;
      await trials.drop(engine);
      memory.fail(backend, await failure(backend, error, gpu === 'auto', engine));
    }
  }
  // The processor does not fail a trial: it ends the loop.
  throw new HumanError('engine-missing', 'No backend of llama.cpp works here.', 'Restart the engine.');
}

async function candidates({ gpu, memory, spawn }: Trials): Promise<Backend[]> {
  if (gpu === 'cpu') return ['cpu'];
  if (gpu !== 'auto') return [gpu, 'cpu'];
  return memory.supportedBy(() => spawn().ask(supportedBackends, 'looking for GPUs'));
}

async function tryBackend(
  engine: EngineProcess,
  backend: Backend,
  { memory, limitMs = TRIAL_LIMIT_MS }: Trials,
): Promise<void> {
  const trial = !memory.hasPassed(backend);
  // After the processor there is nothing left to try, so it gets all the time.
  const limit = backend === 'cpu' ? TRIAL_LIMIT_MS : limitMs;
  const timer = setTimeout(() => {
    void engine.end(new HumanError('engine-hung', `it did not finish within ${Math.round(limit / 1000)} s`, ''));
  }, limit);
  try {
    await engine.request(startBackend, { backend, trial }, `trying ${NAMES[backend]}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a backend is not used; empty where nobody asked for what is not installed. */
async function failure(backend: Backend, error: unknown, auto: boolean, engine: EngineProcess): Promise<string> {
  const reason = error instanceof HumanError ? error.reason : undefined;
  const why = error instanceof Error ? error.message : String(error);
  if (reason === 'engine-missing') return auto ? '' : ended(why);
  if (reason !== 'engine-crashed') return ended(`${NAMES[backend]} failed its trial on the demo model: ${why}`);
  const { code, signal } = await engine.exited;
  return `${NAMES[backend]} crashed in its trial on the demo model (${signal ?? `exit code ${code ?? 'unknown'}`}).`;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isCancelled(error: unknown): boolean {
  return error instanceof HumanError && error.reason === 'cancelled';
}
