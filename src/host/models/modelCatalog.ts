import { totalmem } from 'node:os';
import * as vscode from 'vscode';
import type { KnownModel } from '../../engine/models/knownModel.js';
import { Changes } from '../changes.js';
import { failureOf } from '../failure.js';
import type { Settings } from '../life/settings.js';
import type { Memory } from '../memory.js';
import { DEMO_NAME } from './demoModel.js';
import type { InspectedModel, Inspection, Room } from './modelWords.js';

export type ModelFile = KnownModel;

/**
 * The GGUF files that can be chosen: the demo, those of the workspace, downloads, those of the folders of the setting,
 * and what other programs keep.
 */
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
    private readonly inspectFile: (path: string) => Promise<InspectedModel>,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.gguf');
    this.disposables.push(watcher, ...this.follow(watcher));
  }

  get room(): Room {
    return { context: this.settings().contextSize, total: totalmem() };
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
    const kept = this.memory.get<InspectedModel>(id);
    if (kept) return Promise.resolve(kept);
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
    return this.memory.get<InspectedModel>(id) ?? this.failed.get(id);
  }

  dispose(): void {
    for (const disposable of [...this.disposables, ...this.folderWatchers]) disposable.dispose();
  }

  private async inspectNow(file: ModelFile, id: string): Promise<Inspection> {
    try {
      const inspected = await this.inspectFile(file.path);
      await this.memory.update(id, inspected);
      return inspected;
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
    // Loaded here: activation needs none of it.
    const { findModels } = await import('../../engine/models/findModels.js');
    const { isLaterPart, modelOfFile } = await import('../../engine/models/ggufFiles.js');
    const paths = inWorkspace.map(({ fsPath }) => fsPath).filter((path) => path !== this.demo && !isLaterPart(path));
    const [demo, others, ...own] = await Promise.all([
      modelOfFile(this.demo, 'demo', DEMO_NAME),
      findModels(folders),
      ...paths.map((path) => modelOfFile(path, 'workspace')),
    ]);
    // A file of the workspace stays one, whatever folder is named besides: trust goes by it.
    const elsewhere = others.filter(({ path }) => path !== this.demo && !paths.includes(path));
    return [demo, ...own, ...elsewhere].filter((file) => file !== undefined);
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
  return `model:${path}:${bytes}:${modified}`;
}
