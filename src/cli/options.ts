import { Option, type Command } from 'commander';
import type { EngineOptions } from '../protocol/engineOptions.js';
import { THINKING_WISHES, type ThinkingWish } from '../core/thinking.js';
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
