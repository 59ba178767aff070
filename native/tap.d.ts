/**
 * The face of the router tap, an N-API addon over the llama.cpp libraries that are already loaded in this process.
 *
 * Shapes: n is the number of columns (tokens) of one step, L the number of tapped MoE layers, E the experts of a
 * layer, k the experts that the router selects. Every array passes by copy. All ids are llama.cpp's own.
 * Every call that fails throws (or rejects with) a TapError whose `code` can be switched on.
 */

export interface TapError extends Error {
  code:
    | 'library-missing'
    | 'version-mismatch'
    | 'symbol-missing'
    | 'load-failed'
    | 'context-failed'
    | 'bad-argument'
    | 'cache-full'
    | 'aborted'
    | 'tap-mismatch'
    | 'decode-failed'
    /** A step is still running. */
    | 'busy'
    | 'freed'
    /** Nothing the caller did: out of memory, an exception inside llama.cpp. */
    | 'internal';
}

export interface TapAddon {
  /** llama_version() of the headers that the addon was compiled against. */
  readonly builtFor: string;
  /**
   * Finds llama.cpp's functions in libraries that are loaded already, and checks their version. Calling it again is
   * fine. loadModel needs it first.
   * @param libraries absolute paths of the shared libraries as the loader knows them
   */
  attach(libraries: { llama: string; ggml: string; ggmlBase: string }): { version: string };
  /**
   * Loads weights and vocabulary on a worker thread. onProgress gets 0..1 in steps of about 1 %, and nothing once the
   * promise has settled. A failure's message ends with llama.cpp's own reason.
   */
  loadModel(path: string, options: ModelOptions, onProgress?: (fraction: number) => void): Promise<NativeModel>;
}

export interface ModelOptions {
  /** Layers in GPU memory; 0 keeps all on the CPU (no GPU is used at all), a negative number puts all on the GPU. */
  gpuLayers: number;
  /** Experts of this many first layers stay on the CPU (as llama.cpp's --n-cpu-moe); a negative number: of all layers. */
  cpuMoeLayers: number;
  mmap: boolean;
}

export interface NativeModel {
  readonly layers: number;
  readonly vocabulary: number;
  readonly trainedContext: number;
  readonly embedding: number;
  readonly parameters: number;
  /** Bytes of all tensors. */
  readonly bytes: number;
  readonly description: string;
  /** Token ids; -1 where the model has none. */
  readonly special: { bos: number; eos: number; eot: number };
  readonly addsBos: boolean;
  readonly chatTemplate: string | undefined;
  /** llama_model_is_recurrent || llama_model_is_hybrid: sequences may not share a batch. */
  readonly recurrent: boolean;
  metadata(key: string): string | undefined;
  /** parseSpecial: control tokens written in the text become their ids; addSpecial: BOS as the model wants it. */
  tokenize(text: string, parseSpecial: boolean, addSpecial: boolean): Int32Array;
  /** The bytes that a token stands for, control tokens written out when `special`. */
  piece(token: number, special: boolean): Uint8Array;
  isControl(token: number): boolean;
  isEndOfGeneration(token: number): boolean;
  createContext(options: ContextOptions): NativeContext;
  /** Frees the weights once the last context of the model is freed. Safe to call twice. The facts above stay readable. */
  free(): void;
}

export interface ContextOptions {
  /** Cells of the unified KV cache, for all sequences together; rounded up to a multiple of 256. */
  contextSize: number;
  /** Most columns of one step; one ubatch, so that columns keep their order. At most contextSize. */
  batchSize: number;
  /** Most outputs of one step. */
  outputs: number;
  /** At most 256. */
  sequences: number;
  threads: number;
  /** Without it, and without watch, the context is plain llama.cpp: no callback at all. */
  tap?: TapOptions;
  /**
   * For probing and proving: nodes, named without "-<layer>", whose contents come back with every step. Each of them
   * is a stop in the graph; contexts that answer or detect have none.
   */
  watch?: string[];
}

export interface TapOptions {
  /** The node where routing is read and steered, without "-<layer>": for most models "ffn_moe_logits". */
  node: string;
  /** llama.cpp's block numbers of the tapped layers, ascending; length L. */
  layers: Int32Array;
  experts: number;
  expertsPerToken: number;
  /**
   * Whether mode "paper" puts log_softmax(z) in place of z. It changes nothing but the scale of the values where only
   * the selection, or a softmax, follows. Where a sigmoid makes the experts' weights it would shift those of all
   * experts: false there.
   */
  logSoftmax: boolean;
}

/**
 * values is L x E. In mode "paper" a value > 0 activates the expert, < 0 deactivates it:
 * s = log_softmax(z) in float32 (or z: see logSoftmax), activated get max(s) + 0.01, deactivated min(s) - 0.01, of the
 * s before any change.
 * In mode "soft" it is lambda: z + lambda * std(z), std over the E logits of the column (population).
 * Where a model masks experts with -infinity, min and std are those of the finite values, and a deactivated expert
 * stays masked. A layer without a value other
 * than 0, and a column without a plan, stay as they are to the last bit.
 */
export interface NativePlan {
  mode: 'paper' | 'soft';
  values: Float32Array;
}

export interface NativeSampler {
  /** 0 is greedy; the other fields then do not matter. */
  temperature: number;
  /** 0 is off. */
  topK: number;
  /** 1 is off. */
  topP: number;
  /** 0 is off. */
  minP: number;
  /** Unsigned 32-bit; 4294967295 lets llama.cpp choose one. */
  seed: number;
}

/**
 * One step. Each sequence goes on where the cache has it end (sequenceEnd), without gaps, in column order; the two
 * sequences of a column must have the same cached positions. In recurrent models all columns are of one sequence.
 */
export interface Batch {
  tokens: Int32Array;
  positions: Int32Array;
  /** 2n: the one or two sequences of each column; -1 where there is no second. */
  sequences: Int32Array;
  /** n, 1 where the column is an output. */
  outputs: Uint8Array;
  /** n, the plan slot of each column or -1. */
  plans?: Int16Array;
  /** n, the sampler slot that draws a token from this column's logits or -1; the column must be an output. */
  samplers?: Int16Array;
  /** 2n: the one or two counters that the column's selection is added to, or -1. */
  counters?: Int32Array;
  /** How many counters there are: the counts of this step come back as counterCount x L x E. */
  counterCount?: number;
  /** n, 1 where the column's selection comes back. */
  routing?: Uint8Array;
  /** With routing: also the router's values before and after steering. */
  scores?: boolean;
  /**
   * Skip what comes after the last tapped router: its experts and the vocabulary. No samplers, no logits then.
   * Only a wish: it is skipped where the whole model is on the CPU and its last layer is tapped, and from the second
   * tapped step of a context on (the first one checks that nothing is kept after that router). The cache is complete
   * either way, so steps that only fill it may ask for this too.
   */
  routersOnly?: boolean;
}

export interface StepResult {
  /** One token for each column that has a sampler, in column order. */
  sampled: Int32Array;
  /** counterCount x L x E activation counts of this step. */
  counts?: Uint32Array;
  /**
   * For each column with routing=1, in order: L x k expert ids, highest value first, the lower id first where values
   * are equal; 65535 where the layer did not see the column.
   */
  routing?: Uint16Array;
  /** For each column with routing=1: L x E values before and after steering; NaN where the layer did not see the column. */
  before?: Float32Array;
  after?: Float32Array;
  /** With watch: the nodes in the order in which the graph computed them. */
  watched?: WatchedNode[];
}

/** A node of the graph, before any steering. */
export interface WatchedNode {
  /** Without "-<layer>". */
  name: string;
  /** llama.cpp's block number. */
  layer: number;
  /** The node itself, its first source, that one's first source, and so on, with ggml's words for what they compute. */
  origin: { name: string; operation: string }[];
  /** ggml's order: four numbers, the contiguous dimension first. */
  shape: number[];
  /** Without gaps, the first dimension fastest; empty for nodes that hold neither floats nor integers. */
  values: Float32Array | Int32Array;
}

export interface NativeContext {
  readonly contextSize: number;
  /** Slots are 0..32767; an empty slot may not be named by a column. A running step keeps the plan it began with. */
  setPlan(slot: number, plan: NativePlan | undefined): void;
  /** A fresh sampler chain in this slot (top-k, top-p, min-p, temperature, draw; or greedy), or none. */
  setSampler(slot: number, sampler: NativeSampler | undefined): void;
  /**
   * One llama_decode on a worker thread. One at a time: a second call before the first is done rejects with "busy".
   * Refused batches reject too; it never throws. A step that rejects leaves the cache as it was, but in recurrent
   * models, whose state can't go back, the sequence of the batch is then empty (see sequenceEnd).
   */
  decode(batch: Batch): Promise<StepResult>;
  /** Float32 logits of an output column of the last step, by column number: vocabulary long. */
  logits(column: number): Float32Array;
  /** Forget positions from..to-1 of a sequence; to < 0: to its end. False where the cache can't (recurrent models). */
  removeSequence(sequence: number, from: number, to: number): boolean;
  /** Positions 0..length-1 also become those of sequence `to`, which must be empty. Costs no cells. */
  copySequence(from: number, to: number, length: number): void;
  /** The position at which a sequence goes on: 0 when it is empty. */
  sequenceEnd(sequence: number): number;
  clear(): void;
  /**
   * Stops a running decode soon; it rejects with code "aborted". On the CPU it stops after the graph node that is being
   * computed; on a GPU the step runs to its end first. Without a running decode it does nothing.
   */
  abort(): void;
  /**
   * Frees context, samplers and threads. Returns at once: while a decode runs they are freed when it is done, and its
   * promise settles as usual. Safe to call twice. What else is called afterwards throws "freed".
   */
  free(): void;
}

declare const addon: TapAddon;
export default addon;
