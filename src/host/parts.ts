import type * as vscode from 'vscode';
import type { BoardStore } from './boardStore.js';
import type { EngineSession } from './life/engineSession.js';
import type { Logs } from './life/logs.js';
import type { ListsIndex } from './lists/listsIndex.js';
import type { Memory } from './memory.js';
import type { ModelActions } from './models/modelActions.js';
import type { PairsIndex } from './pairs/pairsIndex.js';

/** What the panels and editors are made with. */
export interface Parts {
  extension: vscode.Uri;
  session: EngineSession;
  models: ModelActions;
  pairs: PairsIndex;
  lists: ListsIndex;
  boards: BoardStore;
  /** What outlives the window, for this workspace. */
  memory: Memory;
  logs: Logs;
  /** Puts a file that was just written into the sidebar; gives its name for people. */
  showSaved(uri: vscode.Uri): { file: string };
}
