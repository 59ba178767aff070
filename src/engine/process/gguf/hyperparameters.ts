import { Fault } from './fault.js';
import type { Metadata } from './metadata.js';

// llama.cpp's bounds (llama-hparams.h).
const MOST_LAYERS = 512;
const MOST_EXPERTS = 1024;
const GATING_FUNCTIONS = 4;
const ROPE_SCALINGS = ['none', 'linear', 'yarn', 'longrope'];

/** Refuses the hyperparameters of a MoE model over which llama.cpp would end its process, and with it the engine. */
export function checkHyperparameters(architecture: string, metadata: Metadata): void {
  const count = (key: string): number => metadata.count(`${architecture}.${key}`);
  const refuse = (why: string): never => {
    throw new Fault(`its metadata claim ${why}`);
  };
  const layers = count('block_count');
  const experts = count('expert_count');
  const used = count('expert_used_count');
  const groups = count('expert_group_count');
  const usedGroups = count('expert_group_used_count');
  if (count('context_length') < 1) refuse('a context of 0 tokens');
  if (layers > MOST_LAYERS) refuse(`${layers} layers; llama.cpp runs ${MOST_LAYERS} at most`);
  if (experts < 2) refuse(`${experts} experts, but it has routers`);
  if (experts > MOST_EXPERTS) refuse(`${experts} experts; llama.cpp runs ${MOST_EXPERTS} at most`);
  if (used < 1 || used > experts) refuse(`that ${used} of ${experts} experts are used per token`);
  if (groups > 1 && (experts % groups !== 0 || groups >= experts || usedGroups < 1 || usedGroups >= groups))
    refuse(`that ${usedGroups} of ${groups} groups of ${experts} experts are used per token`);
  if (count('expert_gating_func') > GATING_FUNCTIONS)
    refuse(`a gating function ${count('expert_gating_func')} that this llama.cpp does not have`);
  const scaling = metadata.text(`${architecture}.rope.scaling.type`);
  if (scaling !== undefined && !ROPE_SCALINGS.includes(scaling))
    refuse('a way of scaling positions that this llama.cpp does not have');
}
