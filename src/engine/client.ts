import { fileURLToPath } from 'node:url';
import { CancellationTokenSource } from 'vscode-jsonrpc/node.js';
import { HumanError } from '../core/humanError.js';
import type { ModelMemory } from '../core/memory/modelMemory.js';
import type { ModelDescription } from '../core/model.js';
import * as protocol from '../protocol/engine.js';
import type {
  DetectParams,
  DetectSummary,
  EngineReport,
  LaneEvent,
  LaneRequest,
  LaneResult,
  LoadParams,
  PairCounts,
  PairFailure,
  RenderedConversation,
  RenderParams,
} from '../protocol/engine.js';
import type { Backend, EngineOptions } from '../protocol/engineOptions.js';
import { BackendMemory } from './backendMemory.js';
import { startWithBackend } from './backendTrial.js';
import { EngineProcess } from './engineProcess.js';
import { defaultThreads } from './threads.js';
import { RestartPolicy } from './restartPolicy.js';

/** What the extension host and the command line see of the engine. Every rejection is a HumanError. */
export interface Engine {
  inspect(path: string): Promise<ModelDescription>;
  readMemory(path: string): Promise<ModelMemory>;
  load(
    params: Partial<LoadParams> & { path: string },
    onProgress?: (fraction: number) => void,
  ): Promise<ModelDescription>;
  unload(): Promise<void>;
  render(params: RenderParams): Promise<RenderedConversation>;
  detect(params: DetectParams, handlers: DetectHandlers): Promise<DetectSummary>;
  generate(lanes: LaneRequest[], handlers?: GenerateHandlers): Promise<LaneResult[]>;
  report(): Promise<EngineReport & { fallback: string | null }>;
  /** Ends the process and everything that it started. */
  dispose(): Promise<void>;
}

export interface DetectHandlers {
  onPair(counts: PairCounts): void;
  onFailed(failure: PairFailure): void;
  /** Aborting keeps what was sent; the promise rejects with reason "cancelled". */
  signal?: AbortSignal;
}

export interface GenerateHandlers {
  onEvent?(event: LaneEvent): void;
  /** Aborting stops the lanes; the promise rejects with reason "cancelled". */
  signal?: AbortSignal;
}

export type EngineState = 'stopped' | 'starting' | 'ready' | 'busy' | 'crashed';

export interface ClientOptions extends Partial<EngineOptions> {
  /** Minutes without a request after which the process, and with it the model's memory, is given back; 0: never. */
  idleMinutes?: number;
  /** The engine's bundle; by default engine.mjs beside this file's own bundle. */
  enginePath?: string;
  onLog?(entry: { level: 'debug' | 'info' | 'warn' | 'error'; source: 'engine' | 'llama.cpp'; text: string }): void;
  onState?(state: EngineState): void;
  /** A GPU backend that was wanted does not work; said once for each. */
  onFallback?(sentence: string): void;
  /** What is known of the backends already; by default nothing. */
  backends?: BackendMemory;
  /** How long the trial of a GPU may take, in milliseconds. */
  trialLimitMs?: number;
}

const LOAD_DEFAULTS = { contextSize: 0, gpuLayers: 'auto', cpuMoeLayers: 0, threads: 0, lanes: 16 } as const;

/** A cancelled request that does not end in this time takes the process with it. */
const CANCEL_PATIENCE_MS = 10_000;

/**
 * Starts the engine process when it is first needed, loads the model again after an idle stop or a crash, and turns
 * every way in which that can fail into a HumanError.
 */
export class EngineClient implements Engine {
  private engine: EngineProcess | undefined;
  /** The model that the user wants loaded, and the process that has it. */
  private wanted: LoadParams | undefined;
  private loadedIn: EngineProcess | undefined;
  /** The process that has a backend, and the one that is being given one. */
  private computing: { engine: EngineProcess; backend: Backend } | undefined;
  private choosing: Promise<{ engine: EngineProcess; backend: Backend }> | undefined;
  private readonly backends: BackendMemory;
  private policy = new RestartPolicy();
  private busy = 0;
  private idle: NodeJS.Timeout | undefined;
  private nextRequest = 1;
  private loadProgress: ((fraction: number) => void) | undefined;
  private detecting: DetectHandlers | undefined;
  private readonly answering = new Map<number, GenerateHandlers>();

  constructor(private readonly options: ClientOptions = {}) {
    this.backends = options.backends ?? new BackendMemory();
  }

  inspect(path: string): Promise<ModelDescription> {
    return this.use((engine) => engine.request(protocol.inspectModel, { path }, `reading ${path}`));
  }

  /** Fails with model-missing, model-invalid and model-dense as inspect does. */
  readMemory(path: string): Promise<ModelMemory> {
    return this.use((engine) => engine.request(protocol.readMemory, { path }, `reading ${path}`));
  }

  load(
    params: Partial<LoadParams> & { path: string },
    onProgress?: (fraction: number) => void,
  ): Promise<ModelDescription> {
    const wanted: LoadParams = { ...LOAD_DEFAULTS, ...params };
    if (wanted.threads <= 0) wanted.threads = defaultThreads();
    return this.use(async () => {
      this.loadProgress = onProgress;
      return this.loadInto(await this.withBackend(), wanted);
    });
  }

  unload(): Promise<void> {
    this.wanted = undefined;
    if (!this.engine) return Promise.resolve();
    return this.use(async (engine) => {
      await engine.ask(protocol.unloadModel, 'unloading the model');
    });
  }

  render(params: RenderParams): Promise<RenderedConversation> {
    return this.useModel((engine) => engine.request(protocol.renderConversation, params, 'rendering a conversation'));
  }

  detect(params: DetectParams, handlers: DetectHandlers): Promise<DetectSummary> {
    return this.useModel(async (engine) => {
      this.detecting = handlers;
      try {
        return await cancellable(engine, handlers.signal, (token) =>
          engine.request(protocol.detect, params, 'detecting experts', token),
        );
      } finally {
        this.detecting = undefined;
      }
    });
  }

  generate(lanes: LaneRequest[], handlers: GenerateHandlers = {}): Promise<LaneResult[]> {
    return this.useModel(async (engine) => {
      const request = this.nextRequest++;
      this.answering.set(request, handlers);
      try {
        return await cancellable(engine, handlers.signal, (token) =>
          engine.request(protocol.generate, { request, lanes }, 'writing an answer', token),
        );
      } finally {
        this.answering.delete(request);
      }
    });
  }

  report(): Promise<EngineReport & { fallback: string | null }> {
    return this.use(async () => {
      const { engine } = await this.withBackend();
      const report = await engine.ask(protocol.report, 'reporting on itself');
      return { ...report, fallback: this.backends.fallback };
    });
  }

  /** Process id of the running engine, for reports and tests. */
  get pid(): number | undefined {
    return this.engine?.alive ? this.engine.pid : undefined;
  }

  async dispose(): Promise<void> {
    clearTimeout(this.idle);
    this.wanted = undefined;
    await this.stop();
  }

  /** Gives the process back; the next request starts another one and loads the model again. */
  async stop(): Promise<void> {
    const engine = this.engine;
    this.engine = undefined;
    await engine?.end(new HumanError('cancelled', 'The engine was stopped.', 'It starts again when it is needed.'));
    this.options.onState?.('stopped');
  }

  private async useModel<T>(work: (engine: EngineProcess) => Promise<T>): Promise<T> {
    return this.use(async (engine) => {
      if (this.loadedIn === engine || !this.wanted) return work(engine);
      const started = await this.withBackend();
      await this.loadInto(started, this.wanted);
      return work(started.engine);
    });
  }

  private async loadInto(
    { engine, backend }: { engine: EngineProcess; backend: Backend },
    wanted: LoadParams,
  ): Promise<ModelDescription> {
    // Forgotten until it worked: a model whose loading crashes the engine is not loaded again without being asked for.
    this.wanted = undefined;
    this.loadedIn = undefined;
    const where = backend === 'cpu' ? '' : ` on the GPU (${backend})`;
    const loading = engine.request(protocol.loadModel, wanted, `loading ${wanted.path}${where}`);
    const description = await (backend === 'cpu' ? loading : loading.catch(adviseLessGpu));
    this.wanted = wanted;
    this.loadedIn = engine;
    return description;
  }

  /** The running process with its backend; started, tried and replaced as need be, once for all who ask meanwhile. */
  private async withBackend(): Promise<{ engine: EngineProcess; backend: Backend }> {
    if (this.computing && this.computing.engine === this.engine) return this.computing;
    this.choosing ??= this.chooseBackend().finally(() => {
      this.choosing = undefined;
    });
    return (this.computing = await this.choosing);
  }

  private async chooseBackend(): Promise<{ engine: EngineProcess; backend: Backend }> {
    const known = this.backends.fallback;
    const computing = await startWithBackend({
      gpu: this.options.gpu ?? 'auto',
      memory: this.backends,
      spawn: () => this.running(),
      drop: async (engine) => {
        if (this.engine === engine) this.engine = undefined;
        await engine.end();
      },
      ...(this.options.trialLimitMs !== undefined && { limitMs: this.options.trialLimitMs }),
    });
    const { fallback } = this.backends;
    if (fallback !== null && fallback !== known) this.options.onFallback?.(fallback);
    return computing;
  }

  private async use<T>(work: (engine: EngineProcess) => Promise<T>): Promise<T> {
    clearTimeout(this.idle);
    this.busy++;
    try {
      const engine = this.running();
      this.options.onState?.('busy');
      return await work(engine);
    } finally {
      this.busy--;
      if (this.busy === 0) this.rest();
    }
  }

  private rest(): void {
    if (!this.engine?.alive) return;
    this.options.onState?.('ready');
    const minutes = this.options.idleMinutes ?? 0;
    if (minutes > 0) this.idle = setTimeout(() => void this.stop(), minutes * 60_000).unref();
  }

  private running(): EngineProcess {
    if (this.engine?.alive) return this.engine;
    if (!this.policy.mayStart(Date.now()))
      throw new HumanError(
        'engine-crashed',
        'The engine stopped unexpectedly four times within three minutes and is not started again by itself.',
        'See the engine log for the cause; try a smaller context size or another model in a few minutes.',
      );
    this.options.onState?.('starting');
    const path = this.options.enginePath ?? fileURLToPath(new URL('./engine.mjs', import.meta.url));
    const engine = new EngineProcess(path);
    this.engine = engine;
    this.listen(engine);
    void engine.exited.then(() => {
      // An end that was asked for has taken the process out of this.engine before.
      if (this.engine !== engine) return;
      this.engine = undefined;
      // A GPU that fails its trial is dealt with there: it is no reason to stop starting engines.
      if (this.choosing) return;
      this.policy = this.policy.crashed(Date.now());
      this.options.onState?.('crashed');
    });
    return engine;
  }

  private listen({ connection }: EngineProcess): void {
    connection.onNotification(protocol.loadProgress, ({ fraction }) => this.loadProgress?.(fraction));
    connection.onNotification(protocol.pairDone, (counts) => this.detecting?.onPair(counts));
    connection.onNotification(protocol.pairFailed, (failure) => this.detecting?.onFailed(failure));
    connection.onNotification(protocol.laneEvents, (events) => {
      for (const event of events) this.answering.get(event.request)?.onEvent?.(event);
    });
    connection.onNotification(protocol.log, (entry) => this.options.onLog?.(entry));
  }
}

/** What GPUs fail by most often is their memory; a model that does not load there may load with less of it. */
function adviseLessGpu(error: unknown): never {
  const reasons = ['engine-crashed', 'engine-hung', 'out-of-memory', 'model-load-failed'];
  if (!(error instanceof HumanError) || !reasons.includes(error.reason)) throw error;
  const next = 'Load it with fewer GPU layers, or on the processor (GPU choice "cpu").';
  throw new HumanError(error.reason, error.message, next, { cause: error });
}

/** Runs a request that an AbortSignal can cancel; a process that does not stop in time is ended. */
async function cancellable<T>(
  engine: EngineProcess,
  signal: AbortSignal | undefined,
  request: (token: CancellationTokenSource['token']) => Promise<T>,
): Promise<T> {
  const source = new CancellationTokenSource();
  let patience: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    source.cancel();
    patience = setTimeout(() => {
      void engine.end(new HumanError('cancelled', 'The engine was stopped.', 'It starts again when it is needed.'));
    }, CANCEL_PATIENCE_MS).unref();
  };
  if (signal?.aborted) throw new HumanError('cancelled', 'It was stopped before it began.', 'Start it again.');
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await request(source.token);
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}
