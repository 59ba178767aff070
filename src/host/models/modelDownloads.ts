import { basename } from 'node:path';
import type { DownloadOptions } from '../../engine/models/downloadModel.js';
import type { Downloaded, DownloadProgress } from '../../protocol/download.js';
import { Changes } from '../changes.js';
import { failureOf, isCancelled } from '../failure.js';
import type { Memory } from '../memory.js';
import type { Failure } from '../../protocol/webview.js';

/** A download that runs, or that was stopped and can go on. */
export interface ModelDownload {
  uri: string;
  name: string;
  progress: DownloadProgress | undefined;
  running: boolean;
  /** Why it stopped; null where the user stopped it, or the window was closed. */
  failure: Failure | null;
}

const KEY = 'downloads';

/** The downloads of models. What did not come to its end is remembered, and goes on in any window. */
export class ModelDownloads {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  private readonly downloads = new Map<string, ModelDownload>();
  private readonly stops = new Map<string, AbortController>();

  constructor(
    private readonly memory: Memory,
    private readonly fetchModel: (uri: string, options: DownloadOptions) => Promise<Downloaded>,
  ) {
    for (const uri of memory.get<string[]>(KEY) ?? []) this.downloads.set(uri, stopped(uri));
  }

  all(): ModelDownload[] {
    return [...this.downloads.values()];
  }

  /**
   * Downloads, or goes on where an earlier one stopped. Undefined where it runs already, or was stopped by the user;
   * fails with HumanError.
   */
  async start(uri: string): Promise<Downloaded | undefined> {
    if (this.downloads.get(uri)?.running) return undefined;
    const stop = new AbortController();
    this.stops.set(uri, stop);
    this.set({ ...stopped(uri), running: true });
    await this.remember();
    try {
      const onProgress = (progress: DownloadProgress): void => {
        if (this.stops.get(uri) === stop) this.set({ ...stopped(uri), running: true, progress });
      };
      const done = await this.fetchModel(uri, { signal: stop.signal, onProgress });
      this.downloads.delete(uri);
      return done;
    } catch (error) {
      this.set({ ...stopped(uri), failure: isCancelled(error) ? null : failureOf(error) });
      if (isCancelled(error)) return undefined;
      throw error;
    } finally {
      this.stops.delete(uri);
      await this.remember();
      this.changes.fire();
    }
  }

  /** What came is kept. */
  stop(uri: string): void {
    this.stops.get(uri)?.abort();
  }

  /** Leaves a stopped download out of the list. */
  async forget(uri: string): Promise<void> {
    if (this.downloads.get(uri)?.running) return;
    this.downloads.delete(uri);
    await this.remember();
    this.changes.fire();
  }

  dispose(): void {
    for (const stop of this.stops.values()) stop.abort();
  }

  private set(download: ModelDownload): void {
    this.downloads.set(download.uri, download);
    this.changes.fire();
  }

  private async remember(): Promise<void> {
    await this.memory.update(KEY, [...this.downloads.keys()]);
  }
}

function stopped(uri: string): ModelDownload {
  return { uri, name: nameOf(uri), progress: undefined, running: false, failure: null };
}

/** "Model-GGUF:Q4_K_M", or the name of the file. */
function nameOf(uri: string): string {
  return basename(uri.replace(/[?#].*$/, '')).replace(/(-00001-of-\d{5})?\.gguf$/i, '');
}
