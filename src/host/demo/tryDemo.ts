import { basename } from 'node:path';
import * as vscode from 'vscode';
import { showFailure } from '../life/notices.js';
import type { ModelActions } from '../models/modelActions.js';
import { DEMO_MODEL, DEMO_PAIRS, DEMO_PROMPT } from '../models/demoModel.js';
import type { PairsIndex } from '../pairs/pairsIndex.js';
import { modifiedAt } from '../pairs/pairsIndex.js';

export interface DemoParts {
  extension: vscode.Uri;
  storage: vscode.Uri;
  models: ModelActions;
  pairs: PairsIndex;
  detect: (pairs: vscode.Uri) => Promise<vscode.Uri | undefined>;
  suggest: (list: vscode.Uri, prompt: string) => Promise<void>;
}

/** "Try the Demo": pairs, detection, charts, and the playground with a prompt typed in; nothing is asked. */
export async function tryDemo({ extension, storage, models, pairs, detect, suggest }: DemoParts): Promise<void> {
  try {
    const copy = await demoPairs(extension, storage);
    if (!vscode.workspace.getWorkspaceFolder(copy)) pairs.add(copy);
    await models.load(vscode.Uri.joinPath(extension, DEMO_MODEL).fsPath);
    const list = await detect(copy);
    if (list) await suggest(list, DEMO_PROMPT);
  } catch (error) {
    await showFailure(error);
  }
}

/** The demo pairs in the workspace's first folder, or in the extension's own storage without one; what is there stays. */
async function demoPairs(extension: vscode.Uri, storage: vscode.Uri): Promise<vscode.Uri> {
  const own = vscode.Uri.joinPath(extension, DEMO_PAIRS);
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  const folder = first?.scheme === 'file' && vscode.workspace.isTrusted ? first : vscode.Uri.joinPath(storage, 'demo');
  const copy = vscode.Uri.joinPath(folder, basename(own.fsPath));
  if ((await modifiedAt(copy.fsPath)) > 0) return copy;
  await vscode.workspace.fs.createDirectory(folder);
  await vscode.workspace.fs.copy(own, copy, { overwrite: false });
  return copy;
}
