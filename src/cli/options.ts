import { Option, type Command } from 'commander';
import type { LoadParams } from '../protocol/engine.js';
import type { EngineOptions } from '../protocol/engineOptions.js';
import { THINKING_WISHES, type ThinkingWish } from '../core/thinking.js';
import { UsageError } from './exitCode.js';
import { wholeNumber } from './numbers.js';

/** What every command that runs a model takes. */
export interface MachineOptions {
  gpu: EngineOptions['gpu'];
  threads: number;
  /** Not given: as many as fit. */
  gpuLayers?: number;
  cpuMoe?: true;
  nCpuMoe?: number;
}

/** More layers than any model has. */
const ALL = 100_000;

/** What a load is asked for, by the options. Fails with UsageError. */
export function offloadOf({
  gpu,
  gpuLayers,
  cpuMoe,
  nCpuMoe,
}: MachineOptions): Pick<LoadParams, 'gpuLayers' | 'cpuMoeLayers'> {
  if (gpu === 'cpu' && (gpuLayers ?? 0) > 0) throw new UsageError('--gpu-layers does not go with --gpu cpu.');
  if (cpuMoe && nCpuMoe !== undefined) throw new UsageError('Give --cpu-moe or --n-cpu-moe, not both.');
  return { gpuLayers: gpuLayers ?? 'auto', cpuMoeLayers: cpuMoe ? ALL : (nCpuMoe ?? 0) };
}

export function withMachineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--gpu <backend>', 'where the model runs')
        .choices(['auto', 'cpu', 'cuda', 'vulkan', 'metal'])
        .default('auto'),
    )
    .option('--gpu-layers <n>', 'layers on the GPU, the output as one more (as many as fit)', wholeNumber(0))
    .option('--cpu-moe', 'keep the experts of all layers off the GPU')
    .option('--n-cpu-moe <n>', 'keep the experts of the first n layers off the GPU', wholeNumber(0))
    .option('--threads <n>', 'threads of the model; 0 chooses by itself', wholeNumber(0, 1024), 0);
}

/** What every command that writes conversations takes. */
export interface ThinkingOptions {
  thinking?: ThinkingWish;
}

export function withThinkingOption(command: Command): Command {
  return command.addOption(
    new Option('--thinking <how>', 'how the model thinks; "model": as its template does (off where it can be)').choices(
      THINKING_WISHES,
    ),
  );
}
