import { fileURLToPath } from 'node:url';
import { CancellationTokenSource } from 'vscode-jsonrpc/node.js';
import { HumanError } from '../../core/humanError.js';
import * as protocol from '../../protocol/download.js';
import type { Downloaded, DownloadProgress } from '../../protocol/download.js';
import { EngineProcess } from '../engineProcess.js';
import { downloadFolder } from './modelFolders.js';

export interface DownloadOptions {
  /** The folder of all downloads; by default that of the user. */
  folder?: string;
  /** The engine's bundle; by default engine.mjs beside this file's own bundle. */
  enginePath?: string;
  onProgress?: (progress: DownloadProgress) => void;
  /** Aborting keeps what came; the promise rejects with reason "cancelled". */
  signal?: AbortSignal;
  stallSeconds?: number;
}

/** Where the hub is and who the user is there, and how the network is reached. */
const VARIABLES = /^(HF_.*|MODEL_ENDPOINT|XDG_CACHE_HOME|NODE_EXTRA_CA_CERTS)$/;

/** How long a stopped download may take to close its files, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Downloads a model in a process of its own: what goes wrong there, as a disk that fills up under the downloader, ends
 * neither the caller nor an engine at work. Every rejection is a HumanError; see the protocol.
 */
export async function downloadModel(uri: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const { folder = downloadFolder(), signal, stallSeconds = 60, onProgress } = options;
  const stopped = new HumanError(
    'cancelled',
    'The download was stopped; what came is kept.',
    'Start it again to go on.',
  );
  if (signal?.aborted) throw stopped;
  const path = options.enginePath ?? fileURLToPath(new URL('./engine.mjs', import.meta.url));
  const engine = new EngineProcess(path, VARIABLES);
  engine.connection.onNotification(protocol.downloadProgress, (progress) => onProgress?.(progress));
  const source = new CancellationTokenSource();
  let patience: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    source.cancel();
    patience = setTimeout(() => void engine.end(stopped), PATIENCE).unref();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await engine.request(protocol.downloadModel, { uri, folder, stallSeconds }, 'downloading', source.token);
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', cancel);
    source.dispose();
    await engine.end();
  }
}
