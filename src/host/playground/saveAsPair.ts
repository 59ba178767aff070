import * as vscode from 'vscode';
import type { AnswerSide } from '../../protocol/webview.js';
import { writeFileAtomic } from '../../engine/atomicFile.js';
import { stem } from '../filePaths.js';
import type { PairsIndex } from '../pairs/pairsIndex.js';
import { readText } from '../readFile.js';
import { pairsHeader, withLine } from './pairLine.js';

/** Appends a line to a pairs file that the user chooses, or to a new one; undefined where they think better of it. */
export async function saveAsPair(index: PairsIndex, line: string, a: AnswerSide): Promise<vscode.Uri | undefined> {
  const files = (await index.files()).filter(({ uri }) => uri.path.endsWith('.jsonl'));
  const fresh = { label: vscode.l10n.t('$(new-file) New prompt pairs file...'), uri: undefined };
  const items = files.map(({ uri }) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const title = vscode.l10n.t('Save the two answers as a prompt pair in');
  const picked = await vscode.window.showQuickPick([...items, fresh], { title });
  if (!picked) return undefined;
  const uri = picked.uri ?? (await newPlace());
  if (!uri) return undefined;
  const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === uri.fsPath);
  if (open?.isDirty) await open.save();
  const before = picked.uri ? await readText(uri.fsPath) : `${pairsHeader(stem(uri.path), a)}\n`;
  await writeFileAtomic(uri.fsPath, withLine(before, line));
  if (!vscode.workspace.getWorkspaceFolder(uri)) index.add(uri);
  return uri;
}

async function newPlace(): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('New prompt pairs file'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'playground.pairs.jsonl') }),
    filters: { [vscode.l10n.t('Prompt pairs')]: ['pairs.jsonl', 'jsonl'] },
  });
  if (!place || place.path.endsWith('.pairs.jsonl')) return place;
  return place.with({ path: `${place.path.replace(/\.jsonl$/, '')}.pairs.jsonl` });
}
