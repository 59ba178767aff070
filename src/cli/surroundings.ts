import type { Engine } from '../engine/client.js';
import type { DownloadOptions } from '../engine/models/downloadModel.js';
import type { Downloaded } from '../protocol/download.js';
import type { EngineOptions } from '../protocol/engineOptions.js';
import type { Terminal } from './terminal.js';

/** All that a command reaches besides its arguments and files; tests pass their own. */
export interface Surroundings {
  terminal: Terminal;
  /** The engine of this run: started when first used, ended when the program ends. */
  engine: (gpu: EngineOptions['gpu']) => Engine;
  /** Brings a model; see downloadModel. */
  download: (uri: string, options: DownloadOptions) => Promise<Downloaded>;
  /** Ctrl+C and its like. */
  signal: AbortSignal;
}

/** A command's work; resolves to the exit code. */
export type Run<Arguments extends unknown[]> = (around: Surroundings, ...args: Arguments) => Promise<number>;
