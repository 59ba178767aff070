import { memoryNeed, type MemoryChoice, type ModelMemory } from './modelMemory.js';

export type Offload = Pick<MemoryChoice, 'gpuLayers' | 'cpuMoeLayers'>;

/** Share of a GPU's free memory that is left to others: the desktop, and what an estimate gets wrong. */
const LEFT = 0.1;

/**
 * How much of a model to put into `free` bytes of GPU memory: all of it; else all but the experts of as few blocks as
 * possible, since attention gains most from a GPU; else as many layers as fit.
 * @param cpuMoeLayers blocks whose experts the user wants on the processor in any case
 */
export function fitGpu(
  memory: ModelMemory,
  { cells, lanes, cpuMoeLayers = 0 }: { cells: number; lanes: number; cpuMoeLayers?: number },
  free: number,
): Offload {
  const fits = (offload: Offload): boolean => memoryNeed(memory, { cells, lanes, ...offload }).gpu <= free * (1 - LEFT);
  const blocks = memory.blocks.length;
  for (let onCpu = Math.min(cpuMoeLayers, blocks); onCpu <= blocks; onCpu++) {
    const offload = { gpuLayers: blocks + 1, cpuMoeLayers: onCpu };
    if (fits(offload)) return offload;
  }
  for (let gpuLayers = blocks; gpuLayers > 0; gpuLayers--) {
    const offload = { gpuLayers, cpuMoeLayers: blocks };
    if (fits(offload)) return offload;
  }
  return { gpuLayers: 0, cpuMoeLayers: 0 };
}
