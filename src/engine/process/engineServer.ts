import { HumanError } from '../../core/humanError.js';
import type { ModelMemory } from '../../core/memory/modelMemory.js';
import type { ModelDescription } from '../../core/model.js';
import type {
  DetectParams,
  DetectSummary,
  EngineReport,
  LaneRequest,
  LaneResult,
  LoadParams,
} from '../../protocol/engine.js';
import type { LaneEvent, RenderedConversation, RenderParams } from '../../protocol/engine.js';
import type { Backend } from '../../protocol/engineOptions.js';
import { startRuntime, supportedBackends, type LogSink, type Runtime } from './addon.js';
import { Answers } from './answers.js';
import { Detection, type DetectionListener } from './detection.js';
import { inspect } from './inspect.js';
import { LoadedModel } from './loadedModel.js';
import { readMemory } from './readMemory.js';
import { trial } from './trial.js';
import { Turn } from './turn.js';

/** What the process tells its client without being asked. */
export interface EngineEvents extends DetectionListener {
  onLoadProgress(fraction: number): void;
  onLaneEvents(events: LaneEvent[]): void;
  log: LogSink;
}

/** The engine behind its messages: one model at a time, one detection at a time, any number of answers. */
export class EngineServer {
  private runtime: Promise<Runtime> | undefined;
  private model: LoadedModel | undefined;
  private answers: Answers | undefined;
  private detection: Detection | undefined;
  private readonly turn = new Turn();

  constructor(private readonly events: EngineEvents) {}

  supportedBackends(): Promise<Backend[]> {
    return supportedBackends();
  }

  /** Once a process; see the protocol. */
  async startBackend(backend: Backend, withTrial: boolean): Promise<void> {
    const runtime = await this.start(backend);
    if (backend === 'cpu') return;
    // The libraries of a backend load on a computer without its devices too, and then compute on the processor.
    if ((await runtime.llama.getGpuDeviceNames()).length === 0)
      throw new HumanError('engine-missing', `llama.cpp's ${backend} backend finds no GPU on this computer.`, '');
    if (withTrial) await trial(runtime);
  }

  inspect(path: string): ModelDescription {
    return inspect(path).description;
  }

  readMemory(path: string): ModelMemory {
    inspect(path);
    return readMemory(path);
  }

  async load(params: LoadParams): Promise<ModelDescription> {
    const runtime = await this.start();
    this.unload();
    this.model = await LoadedModel.load(runtime, params, (fraction) => {
      this.events.onLoadProgress(fraction);
    });
    return this.model.description;
  }

  unload(): void {
    this.detection?.abort();
    this.answers?.free();
    this.answers = undefined;
    this.model?.free();
    this.model = undefined;
  }

  render(params: RenderParams): RenderedConversation {
    return this.loaded().render(params);
  }

  async detect(params: DetectParams): Promise<DetectSummary> {
    const model = this.loaded();
    if (this.detection)
      throw new HumanError('engine-failed', 'Another detection is running.', 'Wait for it, or stop it first.');
    const detection = new Detection(model, this.turn, this.events);
    this.detection = detection;
    try {
      return await detection.run(params);
    } finally {
      this.detection = undefined;
    }
  }

  cancelDetection(): void {
    this.detection?.abort();
  }

  async generate(request: number, lanes: readonly LaneRequest[]): Promise<LaneResult[]> {
    const model = this.loaded();
    this.answers ??= new Answers(model, this.turn, (events) => {
      this.events.onLaneEvents(events);
    });
    return this.answers.generate(request, lanes);
  }

  cancelAnswer(request: number): void {
    this.answers?.cancel(request);
  }

  async report(): Promise<EngineReport> {
    const { versions, backend, llama } = await this.start();
    const devices = await llama.getGpuDeviceNames();
    const gpuMemory = backend === 'cpu' ? null : await llama.getVramState();
    return {
      versions: { node: process.versions.node, ...versions },
      backend,
      devices: devices.length > 0 ? devices : ['CPU'],
      gpuMemory: gpuMemory && { total: gpuMemory.total, free: gpuMemory.free },
      offload: this.model?.offload ?? null,
      threads: this.model?.threads ?? 0,
      memory: {
        residentBytes: process.memoryUsage().rss,
        modelBytes: this.model?.native.bytes ?? 0,
        contextCells: this.model?.cells ?? 0,
      },
      model: this.model?.description ?? null,
    };
  }

  private loaded(): LoadedModel {
    if (this.model) return this.model;
    throw new HumanError('model-missing', 'No model is loaded.', 'Load a model first.');
  }

  /** The libraries are loaded when they are first needed; a failure is tried anew at the next call. */
  private start(backend: Backend = 'cpu'): Promise<Runtime> {
    this.runtime ??= startRuntime({ gpu: backend }, this.events.log).catch((error: unknown) => {
      this.runtime = undefined;
      throw error;
    });
    return this.runtime;
  }
}
