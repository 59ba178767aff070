import * as vscode from 'vscode';
import type { BoardStore } from './boardStore.js';
import type { Detections } from './detection/detections.js';
import { EXPERTS } from './filePaths.js';
import type { EngineSession } from './life/engineSession.js';
import type { StatusItem } from './life/statusItem.js';
import type { ListsIndex } from './lists/listsIndex.js';
import type { ModelCatalog } from './models/modelCatalog.js';
import type { ModelDownloads } from './models/modelDownloads.js';
import type { PairsIndex } from './pairs/pairsIndex.js';
import type { Playgrounds } from './playground/playgrounds.js';

export interface Followed {
  catalog: ModelCatalog;
  downloads: ModelDownloads;
  pairs: PairsIndex;
  lists: ListsIndex;
  detections: Detections;
  engine: EngineSession;
  boards: BoardStore;
  playgrounds: Playgrounds;
  trees: Record<'models' | 'pairs' | 'lists', { refresh(): void }>;
  status: StatusItem;
}

/** Between two redraws of a view while something runs, in milliseconds. */
const REDRAW_EVERY = 200;

/** What the views show follows files, engine, settings and trust. */
export function followFiles(parts: Followed): vscode.Disposable {
  const { catalog, downloads, pairs, lists, detections, engine, boards, playgrounds, trees, status } = parts;
  const drawModels = atMostEvery(() => {
    trees.models.refresh();
    status.update();
  });
  const drawPairs = atMostEvery(() => {
    trees.pairs.refresh();
  });
  const context = (): void => {
    void vscode.commands.executeCommand('setContext', 'steermoe.detecting', detections.any);
  };
  return vscode.Disposable.from(
    catalog.onDidChange(drawModels),
    engine.onDidChange(drawModels),
    downloads.onDidChange(drawModels),
    pairs.onDidChange(drawPairs),
    detections.onDidChange(drawPairs),
    detections.onDidChange(context),
    lists.onDidChange(drawPairs),
    lists.onDidChange(() => {
      trees.lists.refresh();
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        if (!EXPERTS.test(oldUri.path)) continue;
        boards.move(oldUri.toString(), newUri.toString());
        void playgrounds.moveList(oldUri, newUri);
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('steermoe.modelFolders')) catalog.refresh();
      const engineWide = ['gpu', 'gpuLayers', 'cpuMoeLayers', 'threads', 'contextSize', 'idleMinutes'].map(
        (name) => `steermoe.${name}`,
      );
      // The next request starts a process with the new settings.
      if (engineWide.some((name) => event.affectsConfiguration(name))) void engine.stop();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      catalog.refresh();
    }),
  );
}

/** Runs at once, and again after a while where it was asked for meanwhile. */
function atMostEvery(work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  return function run() {
    if (timer) {
      again = true;
      return;
    }
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
      again = false;
    }, REDRAW_EVERY);
  };
}
