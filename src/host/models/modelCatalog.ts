import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription } from '../../core/model.js';
import { Changes } from '../changes.js';
import { failureOf } from '../failure.js';
import type { Settings } from '../life/settings.js';
import type { Memory } from '../memory.js';
import { DEMO_NAME } from './demoModel.js';
import type { Inspection } from './modelWords.js';

export interface ModelFile {
  path: string;
  name: string;
  bytes: number;
  modified: number;
  origin: 'demo' | 'workspace' | 'folder';
}

/** Later parts of a split model are not models of their own. */
const LATER_PART = /-(?!00001)\d{5}-of-\d{5}\.gguf$/i;
const DEPTH = 4;

/** The GGUF files that can be chosen: the demo, those of the workspace, those of the folders of the setting. */
export class ModelCatalog {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  private readonly disposables: vscode.Disposable[] = [];
  private folderWatchers: vscode.Disposable[] = [];
  private found: Promise<ModelFile[]> | undefined;
  private readonly failed = new Map<string, Inspection>();
  private readonly inspecting = new Map<string, Promise<Inspection>>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly demo: string,
    private readonly settings: () => Settings,
    private readonly memory: Memory,
    private readonly inspectFile: (path: string) => Promise<ModelDescription>,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.gguf');
    this.disposables.push(watcher, ...this.follow(watcher));
  }

  refresh(): void {
    this.found = undefined;
    // What the engine and not the file was to blame for may go well this time.
    for (const [id, inspection] of this.failed)
      if ('failure' in inspection && !inspection.failure.reason.startsWith('model-')) {
        this.failed.delete(id);
        this.inspecting.delete(id);
      }
    this.changes.fire();
  }

  files(): Promise<ModelFile[]> {
    this.found ??= this.find();
    return this.found;
  }

  /** What the file says of itself; kept until it changes. The engine reads it, one file after the other. */
  inspect(file: ModelFile): Promise<Inspection> {
    const id = inspectionKey(file);
    const kept = this.memory.get<ModelDescription>(id);
    if (kept) return Promise.resolve({ description: kept });
    let running = this.inspecting.get(id);
    if (!running) {
      running = this.queue.then(() => this.inspectNow(file, id));
      this.queue = running;
      this.inspecting.set(id, running);
    }
    return running;
  }

  /** What is known of the file without asking. */
  known(file: ModelFile): Inspection | undefined {
    const id = inspectionKey(file);
    const description = this.memory.get<ModelDescription>(id);
    return description ? { description } : this.failed.get(id);
  }

  dispose(): void {
    for (const disposable of [...this.disposables, ...this.folderWatchers]) disposable.dispose();
  }

  private async inspectNow(file: ModelFile, id: string): Promise<Inspection> {
    try {
      const description = await this.inspectFile(file.path);
      await this.memory.update(id, description);
      return { description };
    } catch (error) {
      const inspection = { failure: failureOf(error) };
      this.failed.set(id, inspection);
      return inspection;
    }
  }

  private async find(): Promise<ModelFile[]> {
    const folders = this.settings().modelFolders;
    this.watch(folders);
    const inWorkspace = await vscode.workspace.findFiles('**/*.gguf', '**/node_modules/**', 1000);
    const inFolders = (await Promise.all(folders.map((folder) => ggufs(folder, DEPTH)))).flat();
    const places = new Map<string, ModelFile['origin']>([[this.demo, 'demo']]);
    for (const { fsPath } of inWorkspace) if (!places.has(fsPath)) places.set(fsPath, 'workspace');
    for (const path of inFolders) if (!places.has(path)) places.set(path, 'folder');
    const files = await Promise.all([...places].map(([path, origin]) => describe(path, origin)));
    return files.filter((file) => file !== undefined);
  }

  private watch(folders: readonly string[]): void {
    for (const watcher of this.folderWatchers) watcher.dispose();
    this.folderWatchers = folders.flatMap((folder) => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '**/*.gguf');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      return [watcher, ...this.follow(watcher)];
    });
  }

  private follow(watcher: vscode.FileSystemWatcher): vscode.Disposable[] {
    const refresh = (): void => {
      this.refresh();
    };
    return [watcher.onDidCreate(refresh), watcher.onDidDelete(refresh), watcher.onDidChange(refresh)];
  }
}

function inspectionKey({ path, bytes, modified }: ModelFile): string {
  return `inspected:${path}:${bytes}:${modified}`;
}

async function describe(path: string, origin: ModelFile['origin']): Promise<ModelFile | undefined> {
  if (LATER_PART.test(path)) return undefined;
  try {
    const { size, mtimeMs } = await stat(path);
    const name = origin === 'demo' ? DEMO_NAME : basename(path).replace(/\.gguf$/i, '');
    return { path, name, bytes: size, modified: mtimeMs, origin };
  } catch {
    return undefined;
  }
}

async function ggufs(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 && !entry.name.startsWith('.') ? ggufs(path, depth - 1) : [];
    return /\.gguf$/i.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
