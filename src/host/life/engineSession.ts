import { HumanError } from '../../core/humanError.js';
import type { ModelMemory } from '../../core/memory/modelMemory.js';
import type { ModelDescription } from '../../core/model.js';
import type {
  ClientOptions,
  DetectHandlers,
  Engine,
  EngineClient,
  EngineState,
  GenerateHandlers,
} from '../../engine/client.js';
import type {
  DetectParams,
  DetectSummary,
  EngineReport,
  LaneRequest,
  LaneResult,
  RenderedConversation,
  RenderParams,
} from '../../protocol/engine.js';
import type { Failure } from '../../protocol/webview.js';
import { Changes } from '../changes.js';
import { failureOf, isCancelled } from '../failure.js';
import type { ModelChoice } from '../models/modelChoice.js';
import type { Settings } from './settings.js';

export type SessionState = EngineState | 'loading' | 'failed';

/** What a session is made with; the client is made when it is first needed. */
export interface SessionParts {
  connect(options: ClientOptions): Promise<EngineClient>;
  settings(): Settings;
  choice: ModelChoice;
  enginePath: string;
  onLog: NonNullable<ClientOptions['onLog']>;
}

/** The window's one engine: which model is meant, what state the process is in, and what went wrong last. */
export class EngineSession {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  /** Fires when another model, or none, is the current one. */
  readonly onDidChangeModel: Changes['on'];
  private connecting: Promise<EngineClient> | undefined;
  private client: EngineClient | undefined;
  private loading: { path: string; done: Promise<ModelDescription> } | undefined;
  private loaded: { path: string; client: EngineClient } | undefined;
  private process: EngineState = 'stopped';
  private detecting = false;
  /** The engine's own last failure, for those who show its state; who asked for what failed is told by the request. */
  failure: Failure | null = null;
  loadedFraction = 0;
  /** Why models run elsewhere than the settings say, in a sentence; null where they do not. */
  fallback: string | null = null;

  constructor(private readonly parts: SessionParts) {
    this.onDidChangeModel = parts.choice.onDidChange;
  }

  get state(): SessionState {
    if (this.loading) return 'loading';
    if (this.failure && (this.process === 'stopped' || this.process === 'crashed') && !this.model) return 'failed';
    return this.process;
  }

  /** The model that questions go to: in memory, or loaded again by the next question. */
  get model(): ModelDescription | null {
    return this.parts.choice.current?.description ?? null;
  }

  get modelPath(): string | undefined {
    return this.parts.choice.current?.path;
  }

  get pid(): number | undefined {
    return this.client?.pid;
  }

  /** True while the model's weights are (or come) into memory. */
  get holdsModel(): boolean {
    return this.loaded !== undefined && this.client?.pid !== undefined;
  }

  async inspect(path: string): Promise<ModelDescription> {
    return (await this.connected()).inspect(path);
  }

  async readMemory(path: string): Promise<ModelMemory> {
    return (await this.connected()).readMemory(path);
  }

  /** Loads a model and makes it the current one. A load of the same model that goes on is joined. */
  async load(path: string): Promise<ModelDescription> {
    if (this.loading?.path === path) return this.loading.done;
    await this.loading?.done.catch(() => undefined);
    const done = this.loadNow(path);
    this.loading = { path, done };
    this.changes.fire();
    try {
      return await done;
    } catch (error) {
      this.loaded = undefined;
      this.fail(error);
      throw error;
    } finally {
      this.loading = undefined;
      this.changes.fire();
    }
  }

  /** The current model, in memory. Fails with model-missing where none is chosen. */
  async ready(): Promise<ModelDescription> {
    if (this.loading) return this.loading.done;
    const current = this.parts.choice.current;
    if (!current)
      throw new HumanError('model-missing', 'No model is chosen.', 'Choose one in the Models view of SteerMoE.');
    if (this.loaded?.path === current.path && this.loaded.client === this.client && current.description)
      return current.description;
    return this.load(current.path);
  }

  async unload(): Promise<void> {
    this.loaded = undefined;
    await this.parts.choice.choose(undefined);
    await this.client?.unload();
    this.failure = null;
    this.changes.fire();
  }

  async render(params: RenderParams): Promise<RenderedConversation> {
    return this.run((engine) => engine.render(params));
  }

  /** One at a time: the engine has one context for it. */
  async detect(params: DetectParams, handlers: DetectHandlers): Promise<DetectSummary> {
    if (this.detecting)
      throw new HumanError(
        'engine-failed',
        'A detection is running, and the model can do one at a time.',
        'Wait until it is done, or cancel it in the Prompt Pairs view.',
      );
    this.detecting = true;
    try {
      return await this.run((engine) => engine.detect(params, handlers));
    } finally {
      this.detecting = false;
    }
  }

  async generate(lanes: LaneRequest[], handlers?: GenerateHandlers): Promise<LaneResult[]> {
    return this.run((engine) => engine.generate(lanes, handlers));
  }

  async report(): Promise<EngineReport & { fallback: string | null }> {
    return (await this.connected()).report();
  }

  /** Ends the process; the current model stays chosen and is loaded again when it is needed. */
  async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.connecting = undefined;
    this.loaded = undefined;
    await client?.dispose();
    this.process = 'stopped';
    this.changes.fire();
  }

  /** A new process, and the current model in it. Also what gives an engine that crashed too often another chance. */
  async restart(): Promise<void> {
    await this.stop();
    this.failure = null;
    this.changes.fire();
    if (this.parts.choice.current) await this.load(this.parts.choice.current.path);
  }

  async dispose(): Promise<void> {
    await this.client?.dispose();
    this.client = undefined;
  }

  private async loadNow(path: string): Promise<ModelDescription> {
    this.failure = null;
    this.loadedFraction = 0;
    const { threads, contextSize, gpuLayers, cpuMoeLayers } = this.parts.settings();
    const client = await this.connected();
    const description = await client.load({ path, threads, contextSize, gpuLayers, cpuMoeLayers }, (fraction) => {
      this.loadedFraction = fraction;
      this.changes.fire();
    });
    this.loaded = { path, client };
    await this.parts.choice.choose({ path, description });
    return description;
  }

  private async run<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    await this.ready();
    try {
      const done = await work(await this.connected());
      this.failure = null;
      return done;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  private fail(error: unknown): void {
    if (isCancelled(error)) return;
    const failure = failureOf(error);
    const own = [
      'engine-crashed',
      'engine-hung',
      'engine-missing',
      'model-load-failed',
      'out-of-memory',
      'model-missing',
    ];
    if (!own.includes(failure.reason) && !failure.reason.startsWith('model-')) return;
    this.failure = failure;
    this.changes.fire();
  }

  private connected(): Promise<EngineClient> {
    this.connecting ??= this.connect();
    return this.connecting;
  }

  private async connect(): Promise<EngineClient> {
    const { gpu, idleMinutes } = this.parts.settings();
    this.fallback = null;
    const client = await this.parts.connect({
      gpu,
      idleMinutes,
      enginePath: this.parts.enginePath,
      onLog: this.parts.onLog,
      onFallback: (sentence) => {
        this.fallback = sentence;
        this.changes.fire();
      },
      onState: (state) => {
        if (this.client !== client && this.client !== undefined) return;
        this.process = state;
        this.changes.fire();
      },
    });
    this.client = client;
    return client;
  }
}
