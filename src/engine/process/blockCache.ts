import type { BlockMemory } from '../../core/memory/modelMemory.js';
import type { ModelFacts } from './modelFacts.js';

/** A token's keys and values are kept at 16 bits, a recurrent state at 32. */
const HALF = 2;
const FLOAT = 4;

/** What a block keeps of each token and of each conversation. */
type BlockCache = Pick<BlockMemory, 'cell' | 'lane'>;

/**
 * Keys and values of a block of attention; 0 for another. Sizes as llama.cpp's hyperparameters have them: grouped-query
 * attention by heads, latent attention (MLA) without values of its own.
 */
export function keysAndValues(facts: ModelFacts, block: number): number {
  const heads = facts.of('attention.head_count', block);
  const keyValueHeads = facts.has('attention.head_count_kv') ? facts.of('attention.head_count_kv', block) : heads;
  const ordinary = heads > 0 ? facts.largest('embedding_length') / heads : 0;
  const keys = facts.largest('attention.key_length') || ordinary;
  const values = hasKeysAlone(facts) ? 0 : facts.largest('attention.value_length') || ordinary;
  const interval = facts.largest('full_attention_interval');
  const attends = keyValueHeads > 0 && (interval === 0 || (block + 1) % interval === 0);
  return attends ? keyValueHeads * (keys + values) * HALF : 0;
}

/** True where llama.cpp gives every lane a whole cache of its own: tokens of several lanes cannot be compressed together. */
export function hasCacheALane(facts: ModelFacts): boolean {
  return facts.has('attention.compress_ratios') && !hasStateSpaces(facts);
}

/** What a block keeps besides keys and values, told by the tensor that makes it. */
export function keptFor(facts: ModelFacts, block: number, tensor: string): BlockCache {
  const kept = KEPT.find(([pattern]) => pattern.test(tensor))?.[1](facts, block);
  return { cell: 0, lane: 0, ...kept };
}

const KEPT: [tensor: RegExp, of: (facts: ModelFacts, block: number) => Partial<BlockCache>][] = [
  [/\.attn_compressor_kv\./, (facts, block) => ({ cell: compressed(facts, block, 'attention.key_length') })],
  [/\.indexer_compressor_kv\./, (facts, block) => ({ cell: compressed(facts, block, 'attention.indexer.key_length') })],
  [/\.indexer\.(attn_k|k_proj)\./, (facts) => ({ cell: indexed(facts) * HALF })],
  [/\.shortconv\.conv\./, (facts) => ({ lane: shortConvolution(facts) * FLOAT })],
  [/\.ple_conv1d\./, (facts) => ({ lane: pastEmbeddings(facts) * FLOAT })],
  [/\.ssm_conv1d\.weight/, (facts) => ({ lane: stateSpace(facts) * FLOAT })],
  [/\.ssm_conv1d_q\./, (facts) => ({ lane: deltaAttention(facts) * FLOAT })],
  [/\.attn_qkv\./, (facts) => ({ lane: linearAttention(facts) * FLOAT })],
];

/** One key for as many tokens as the block's ratio says. */
function compressed(facts: ModelFacts, block: number, key: string): number {
  return (facts.largest(key) / Math.max(1, facts.of('attention.compress_ratios', block))) * HALF;
}

/** One head of keys by which sparse attention chooses what it attends to; with values where they have an own cache. */
function indexed(facts: ModelFacts): number {
  const keysAlone = hasKeysAlone(facts) || hasStateSpaces(facts);
  return facts.largest('attention.indexer.key_length') + (keysAlone ? 0 : facts.largest('attention.value_length'));
}

function shortConvolution(facts: ModelFacts): number {
  return Math.max(0, facts.largest('shortconv.l_cache') - 1) * facts.largest('embedding_length');
}

function stateSpace(facts: ModelFacts): number {
  const [inner, state] = [facts.largest('ssm.inner_size'), facts.largest('ssm.state_size')];
  return convolution(facts, inner + 2 * facts.largest('ssm.group_count') * state) + inner * state;
}

/** Queries, keys and values are each convolved; a head's state is a matrix. */
function deltaAttention(facts: ModelFacts): number {
  const [heads, size] = [facts.largest('attention.head_count'), facts.largest('kda.head_dim')];
  return convolution(facts, 3 * heads * size) + heads * size * size;
}

function convolution(facts: ModelFacts, width: number): number {
  return Math.max(0, facts.largest('ssm.conv_kernel') - 1) * width;
}

/** A head's state is a matrix. Where there are state spaces, the same tensor feeds them. */
function linearAttention(facts: ModelFacts): number {
  const isOne = facts.has('full_attention_interval') && !hasStateSpaces(facts);
  return isOne ? facts.largest('attention.head_count') * facts.largest('attention.key_length') ** 2 : 0;
}

/** Of the last tokens, for the n-grams that embeddings are added by. */
function pastEmbeddings(facts: ModelFacts): number {
  const width = facts.largest('hyper_connection.count') * facts.largest('embedding_length');
  return Math.max(0, facts.largest('ple.conv_kernel') - 1) * facts.largest('ple.ngram_size') * width;
}

function hasStateSpaces(facts: ModelFacts): boolean {
  return facts.has('ssm.conv_kernel');
}

function hasKeysAlone(facts: ModelFacts): boolean {
  return facts.largest('attention.key_length_mla') > 0 || hasCacheALane(facts);
}
