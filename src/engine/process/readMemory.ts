import type { ModelMemory } from '../../core/memory/modelMemory.js';
import { hasCacheALane, keptFor, keysAndValues } from './blockCache.js';
import { readModelParts } from './gguf/modelParts.js';
import { ModelFacts } from './modelFacts.js';

const BLOCK = /^blk\.(\d+)\./;
const EXPERTS = /\.ffn_(gate|up|down|gate_up)_(ch)?exps\./;

/** What a GGUF's tensors and metadata say of the memory that it takes. Throws HumanError where the file is broken. */
export function readMemory(path: string): ModelMemory {
  const parts = readModelParts(path);
  const facts = new ModelFacts(parts[0]!.metadata);
  const blocks = Array.from({ length: facts.largest('block_count') }, (_, block) => ({
    experts: 0,
    rest: 0,
    cell: keysAndValues(facts, block),
    lane: 0,
  }));
  let [input, output, tied, vocabulary] = [0, 0, true, 0];
  for (const { name, bytes, shape } of parts.flatMap(({ tensors }) => tensors)) {
    const index = Number(BLOCK.exec(name)?.[1] ?? -1);
    const block = blocks[index];
    if (block) {
      block[EXPERTS.test(name) ? 'experts' : 'rest'] += bytes;
      const { cell, lane } = keptFor(facts, index, name);
      block.cell += cell;
      block.lane += lane;
    } else if (name.startsWith('token_embd')) input += bytes;
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
    cacheALane: hasCacheALane(facts),
    trainedContext: facts.largest('context_length'),
  };
}
