/** What of a model takes memory, as its file says. All in bytes but the last five. */
export interface ModelMemory {
  /** One for each block of the model, dense ones included. */
  blocks: BlockMemory[];
  /** Token embeddings: always in the computer's memory. */
  input: number;
  /** Output matrix and last norm; on a GPU they come with the first layer that goes there. */
  output: number;
  /** True where the output matrix is the token embeddings: a GPU then gets a copy of them. */
  tied: boolean;
  embedding: number;
  vocabulary: number;
  expertsPerToken: number;
  trainedContext: number;
  /** Every lane has a whole cache of its own. */
  cacheALane: boolean;
}

export interface BlockMemory {
  experts: number;
  /** All other weights. */
  rest: number;
  /** Keys and values of one token, at 16 bits. */
  cell: number;
  /** Recurrent state of one lane, in hybrid models. */
  lane: number;
}

/** How a model is to be run. */
export interface MemoryChoice {
  /** Cells of the cache, for all lanes together. */
  cells: number;
  lanes: number;
  /** As llama.cpp counts: the blocks from the last on, and the output matrix as one more. */
  gpuLayers: number;
  /** Blocks, from the first on, whose experts stay in the computer's memory. */
  cpuMoeLayers: number;
}

/** Bytes. */
export interface MemoryNeed {
  weights: number;
  cache: number;
  compute: number;
  /** What of the sum is in GPU memory, and what in the computer's. */
  gpu: number;
  cpu: number;
}

/** Tokens of the largest step; see BATCH of the engine. */
const STEP = 256;

/** The engine process with its libraries, before a model is loaded (measured: 84 to 98 MB). */
export const PROCESS_BYTES = 100e6;

/** Cells where the user names none: enough for two conversations of an ordinary length. */
export const DEFAULT_CELLS = 8192;

/** The cells that a context gets. 0 asks for what the model was trained for, at most 8192. */
export function contextCells(wanted: number, trainedContext: number, lanes: number): number {
  if (wanted > 0) return wanted;
  return trainedContext > 0 ? Math.min(trainedContext * lanes, DEFAULT_CELLS) : DEFAULT_CELLS;
}

/**
 * What a model needs, by the sizes of its tensors and llama.cpp's own arithmetic of the cache (one pool of cells for all
 * lanes, as a rule; 16-bit keys and values). What a step computes in is estimated: some vectors for each of its tokens.
 */
export function memoryNeed(memory: ModelMemory, { cells, lanes, gpuLayers, cpuMoeLayers }: MemoryChoice): MemoryNeed {
  const { blocks, input, output, tied, cacheALane } = memory;
  const first = firstOnGpu(blocks.length, gpuLayers);
  const need = { weights: input + output, cache: 0, gpu: 0 };
  for (const [index, { experts, rest, cell, lane }] of blocks.entries()) {
    const cache = padded(cells) * (cacheALane ? lanes : 1) * cell + lanes * lane;
    need.weights += experts + rest;
    need.cache += cache;
    if (index >= first) need.gpu += rest + cache + (index < cpuMoeLayers ? 0 : experts);
  }
  const compute = computeBytes(memory, cells, lanes);
  if (gpuLayers > 0) {
    const copied = tied ? input : 0;
    need.weights += copied;
    // Besides the step itself, llama.cpp keeps a copy of what goes back and forth.
    need.gpu += output + copied + 2 * compute;
  }
  const total = need.weights + need.cache + (gpuLayers > 0 ? 3 : 1) * compute;
  return { weights: need.weights, cache: need.cache, compute, gpu: need.gpu, cpu: total - need.gpu + PROCESS_BYTES };
}

/** Lanes of a chat; each costs little. */
const CHAT_LANES = 2;

/** What a model needs on the processor, with a cache as a user asks for it (0: the default). */
export function needOnCpu(memory: ModelMemory, context: number): MemoryNeed & { cells: number } {
  const cells = contextCells(context, memory.trainedContext, CHAT_LANES);
  return { cells, ...memoryNeed(memory, { cells, lanes: CHAT_LANES, gpuLayers: 0, cpuMoeLayers: 0 }) };
}

/** Block number from which on blocks are on the GPU. */
function firstOnGpu(blocks: number, gpuLayers: number): number {
  return gpuLayers <= 0 ? Infinity : Math.max(0, blocks + 1 - gpuLayers);
}

/** llama.cpp rounds the cache up to whole pieces of 256 cells. */
function padded(cells: number): number {
  return Math.ceil(cells / 256) * 256;
}

function computeBytes({ embedding, vocabulary, expertsPerToken }: ModelMemory, cells: number, lanes: number): number {
  const step = Math.min(STEP, padded(cells));
  const vectors = step * embedding * (expertsPerToken + 4) * 4;
  const mask = step * padded(cells) * 2;
  // Twice: where they are computed and where they are read.
  const logits = 2 * lanes * vocabulary * 4;
  return vectors + mask + logits;
}
