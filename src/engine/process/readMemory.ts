import type { BlockMemory, ModelMemory } from '../../core/memory/modelMemory.js';
import type { Metadata } from './gguf/metadata.js';
import { readModelParts } from './gguf/modelParts.js';

const BLOCK = /^blk\.(\d+)\./;
const EXPERTS = /\.ffn_(gate|up|down|gate_up)_(ch)?exps\./;

/** A token's keys and values are kept at 16 bits, a recurrent state at 32. */
const HALF = 2;
const FLOAT = 4;

/** What a GGUF's tensors and metadata say of the memory that it takes. Throws HumanError where the file is broken. */
export function readMemory(path: string): ModelMemory {
  const parts = readModelParts(path);
  const facts = new Facts(parts[0]!.metadata);
  const blocks = Array.from({ length: facts.largest('block_count') }, (_, block) => cacheOf(facts, block));
  let [input, output, tied, vocabulary] = [0, 0, true, 0];
  for (const { name, bytes, shape } of parts.flatMap(({ tensors }) => tensors)) {
    const block = blocks[Number(BLOCK.exec(name)?.[1] ?? -1)];
    if (block) block[EXPERTS.test(name) ? 'experts' : 'rest'] += bytes;
    else if (name.startsWith('token_embd')) input += bytes;
    else output += bytes;
    if (name === 'output.weight') tied = false;
    if (name === 'token_embd.weight') vocabulary = shape[1] ?? 0;
  }
  return {
    blocks,
    input,
    output,
    tied,
    embedding: facts.largest('embedding_length'),
    vocabulary,
    expertsPerToken: facts.largest('expert_used_count'),
    trainedContext: facts.largest('context_length'),
  };
}

/**
 * Cache and state of a block, without its weights. Sizes as llama.cpp's hyperparameters have them: grouped-query
 * attention by heads, compressed attention (MLA) without values of its own, short convolutions and state spaces by lane.
 */
function cacheOf(facts: Facts, block: number): BlockMemory {
  const heads = facts.of('attention.head_count', block);
  const keyValueHeads = facts.has('attention.head_count_kv') ? facts.of('attention.head_count_kv', block) : heads;
  const ordinary = heads > 0 ? facts.largest('embedding_length') / heads : 0;
  const keys = facts.largest('attention.key_length') || ordinary;
  const compressed = facts.largest('attention.key_length_mla') > 0;
  const values = compressed ? 0 : facts.largest('attention.value_length') || ordinary;
  const interval = facts.largest('full_attention_interval');
  const attends = keyValueHeads > 0 && (interval === 0 || (block + 1) % interval === 0);
  return {
    experts: 0,
    rest: 0,
    cell: attends ? keyValueHeads * (keys + values) * HALF : 0,
    lane: attends ? 0 : stateOf(facts) * FLOAT,
  };
}

function stateOf(facts: Facts): number {
  const short = facts.largest('shortconv.l_cache');
  if (short > 0) return (short - 1) * facts.largest('embedding_length');
  const [inner, state] = [facts.largest('ssm.inner_size'), facts.largest('ssm.state_size')];
  const convolved = inner + 2 * facts.largest('ssm.group_count') * state;
  return Math.max(0, facts.largest('ssm.conv_kernel') - 1) * convolved + inner * state;
}

/** The hyperparameters of a model, by their names without the architecture. */
class Facts {
  private readonly architecture: string;

  constructor(private readonly metadata: Metadata) {
    this.architecture = metadata.text('general.architecture') ?? '';
  }

  has(key: string): boolean {
    return this.metadata.get(`${this.architecture}.${key}`) !== undefined;
  }

  /** Of a list with a value for each block the largest; 0 where there is none. */
  largest(key: string): number {
    return this.metadata.count(`${this.architecture}.${key}`);
  }

  /** Of a list with a value for each block that of this one. */
  of(key: string, block: number): number {
    const values = this.metadata.numbers(`${this.architecture}.${key}`);
    return values.length > 1 ? Math.max(0, values[block] ?? 0) : this.largest(key);
  }
}
