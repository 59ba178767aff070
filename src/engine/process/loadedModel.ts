import type { NativeContext, NativeModel } from '../../../native/tap.d.ts';
import { HumanError } from '../../core/humanError.js';
import { fitGpu, type Offload } from '../../core/memory/fitGpu.js';
import { contextCells } from '../../core/memory/modelMemory.js';
import type { ModelDescription } from '../../core/model.js';
import type { Conversation } from '../../core/pairs/pair.js';
import type { LoadParams, RenderedConversation, RenderParams } from '../../protocol/engine.js';
import type { Runtime } from './addon.js';
import { requireSupported } from './architectures.js';
import { rangeOf } from './contentPieces.js';
import { inspect } from './inspect.js';
import { nativeFailure } from './nativeFailure.js';
import type { Sharing } from './pairColumns.js';
import { probeRouters, type RouterTap } from './routerProbe.js';
import { readMemory } from './readMemory.js';
import { ChatTemplate } from './template.js';
import { tokenizeConversation, tokenRange } from './tokenSpans.js';

export interface ContextSize {
  cells: number;
  batch: number;
  outputs: number;
  sequences: number;
}

/** Most tokens of one llama_decode. Larger batches gain nothing on a CPU and cost compute memory. */
export const BATCH = 256;

/** One model in memory: its weights, its chat template, and how its routing is tapped. */
export class LoadedModel {
  private readonly template: ChatTemplate | undefined;
  private readonly bos: string;
  readonly threads: number;
  /** KV cells that lanes share. */
  readonly cells: number;

  private constructor(
    readonly native: NativeModel,
    readonly description: ModelDescription,
    private readonly tap: RouterTap,
    private readonly oneSequence: boolean,
    readonly params: LoadParams,
    /** What of it is in GPU memory. */
    readonly offload: Offload,
  ) {
    this.bos = this.pieceText(native.special.bos);
    this.template =
      description.chatTemplate === null
        ? undefined
        : new ChatTemplate({
            source: description.chatTemplate,
            bos: this.bos,
            eos: this.pieceText(native.special.eos),
          });
    this.threads = params.threads;
    this.cells = contextCells(params.contextSize, native.trainedContext, params.lanes);
  }

  /** Checks the file, loads the weights, and proves on two tokens that every MoE layer can be steered. */
  static async load(
    runtime: Runtime,
    params: LoadParams,
    onProgress: (fraction: number) => void,
  ): Promise<LoadedModel> {
    const { description } = inspect(params.path);
    const { oneSequence } = requireSupported(description.architecture);
    const offload = await chooseOffload(runtime, params, description.layers);
    let native: NativeModel;
    try {
      native = await runtime.tap.loadModel(params.path, { ...offload, mmap: true }, onProgress);
    } catch (error) {
      throw nativeFailure(error, `The model ${params.path} could not be loaded`);
    }
    try {
      const tap = await probeRouters(native, description, params.threads);
      return new LoadedModel(native, description, tap, oneSequence, params, offload);
    } catch (error) {
      native.free();
      throw nativeFailure(error, `The first steps of ${description.name} failed`);
    }
  }

  /** How sequences share a prefix, and whether a step may have columns of several ("batch"). */
  get sharing(): Sharing {
    return this.oneSequence ? 'none' : this.native.recurrent ? 'copy' : 'batch';
  }

  /** How many of the sequences that are wanted a context of the model may have. */
  sequences(wanted: number): number {
    return this.oneSequence ? 1 : wanted;
  }

  createContext(size: ContextSize): NativeContext {
    const { moeLayers, experts, expertsPerToken } = this.description;
    try {
      return this.native.createContext({
        contextSize: size.cells,
        batchSize: size.batch,
        outputs: size.outputs,
        sequences: size.sequences,
        threads: this.threads,
        tap: { ...this.tap, layers: Int32Array.from(moeLayers), experts, expertsPerToken },
      });
    } catch (error) {
      throw nativeFailure(error, 'The context of the model could not be made');
    }
  }

  render(params: RenderParams): RenderedConversation {
    if (this.template === undefined)
      throw new HumanError(
        'model-no-template',
        `The model ${this.description.name} has no chat template, so a conversation cannot be written as it expects it.`,
        'Choose an instruction-tuned model, or a GGUF whose metadata holds tokenizer.chat_template.',
      );
    const { text, pieces } = this.template.render(params.messages, params.generationPrompt, {
      thinking: params.thinking,
      variables: params.template,
    });
    const tokenized = tokenizeConversation(text, pieces, this.native, this.bos);
    if (params.target === undefined) return { text, ...tokenized };
    const range = rangeOf(pieces, params.target.message, params.target.start, params.target.end);
    const target = range && tokenRange(tokenized, range.start, range.end);
    if (target === undefined)
      throw new HumanError(
        'target-missing',
        `The chat template of ${this.description.name} leaves the target span out of the rendered conversation.`,
        'Choose a target in a message that the template keeps as it is.',
      );
    return { text, ...tokenized, target };
  }

  /** Tokens of one side of a pair up to the end of its target; what follows the target cannot change its routing. */
  renderSide(
    side: Conversation,
    how: Pick<RenderParams, 'thinking' | 'template'> = {},
  ): { tokens: Int32Array; from: number } {
    const rendered = this.render({
      messages: side.messages,
      generationPrompt: false,
      target: side.target,
      ...(how.thinking && { thinking: how.thinking }),
      ...(how.template && { template: how.template }),
    });
    const { from, to } = rendered.target!;
    return { tokens: rendered.tokens.slice(0, to), from };
  }

  /**
   * The bytes of a token of an answer. Control tokens are no text, but where a format has channels inside an answer they
   * are what tells thinking from the answer (gpt-oss), so there they show.
   */
  answerPiece(token: number): Uint8Array {
    return this.native.piece(token, this.description.chatTemplate?.includes('<|channel') ?? false);
  }

  free(): void {
    this.native.free();
  }

  private pieceText(token: number): string {
    return token < 0 ? '' : Buffer.from(this.native.piece(token, true)).toString('utf8');
  }
}

/** What the user asked for, within what the model has; "auto" goes by the GPU's free memory. */
async function chooseOffload({ backend, llama }: Runtime, params: LoadParams, layers: number): Promise<Offload> {
  if (backend === 'cpu') return { gpuLayers: 0, cpuMoeLayers: 0 };
  const cpuMoeLayers = Math.min(params.cpuMoeLayers, layers);
  if (params.gpuLayers !== 'auto') return { gpuLayers: Math.min(params.gpuLayers, layers + 1), cpuMoeLayers };
  const memory = readMemory(params.path);
  const { lanes, contextSize } = params;
  const cells = contextCells(contextSize, memory.trainedContext, lanes);
  return fitGpu(memory, { cells, lanes, cpuMoeLayers }, (await llama.getVramState()).free);
}
