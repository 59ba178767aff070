import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Origin } from './knownModel.js';

/** What the places depend on; tests pass their own. */
export interface Surrounding {
  home: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

export function thisComputer(): Surrounding {
  return { home: homedir(), platform: process.platform, env: process.env };
}

/** Where SteerMoE's own downloads go: the user's data, the same for the extension and the command line. */
export function downloadFolder({ home, platform, env }: Surrounding = thisComputer()): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'steermoe', 'models');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'steermoe', 'models');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'steermoe', 'models');
}

/** Folders in which other programs keep GGUF files under their own names, whether they are there or not. */
export function foldersOfOthers({ home, platform, env }: Surrounding): { origin: Origin; folder: string }[] {
  const cache = env['XDG_CACHE_HOME'] ?? join(home, '.cache');
  const llama =
    platform === 'darwin'
      ? join(home, 'Library', 'Caches', 'llama.cpp')
      : platform === 'win32'
        ? join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'llama.cpp')
        : join(cache, 'llama.cpp');
  const hub = env['HF_HUB_CACHE'] ?? join(env['HF_HOME'] ?? join(cache, 'huggingface'), 'hub');
  return [
    { origin: 'LM Studio', folder: join(home, '.lmstudio', 'models') },
    { origin: 'LM Studio', folder: join(home, '.cache', 'lm-studio', 'models') },
    { origin: 'llama.cpp', folder: env['LLAMA_CACHE'] ?? llama },
    { origin: 'Hugging Face', folder: hub },
  ];
}

/** Where Ollama keeps its store: the user's, or that of the service on Linux. */
export function ollamaFolders({ home, platform, env }: Surrounding): string[] {
  const own = env['OLLAMA_MODELS'] ?? join(home, '.ollama', 'models');
  return platform === 'linux' ? [own, '/usr/share/ollama/.ollama/models'] : [own];
}
