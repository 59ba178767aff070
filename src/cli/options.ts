import { Option, type Command } from 'commander';
import type { EngineOptions } from '../protocol/engineOptions.js';
import { wholeNumber } from './numbers.js';

/** What every command that runs a model takes. */
export interface MachineOptions {
  gpu: EngineOptions['gpu'];
  threads: number;
}

export function withMachineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--gpu <backend>', 'where the model runs')
        .choices(['auto', 'cpu', 'cuda', 'vulkan', 'metal'])
        .default('auto'),
    )
    .option('--threads <n>', 'threads of the model; 0 chooses by itself', wholeNumber(0, 1024), 0);
}
