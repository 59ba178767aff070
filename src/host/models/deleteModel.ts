import * as vscode from 'vscode';
import { HumanError } from '../../core/humanError.js';
import type { EngineSession } from '../life/engineSession.js';
import type { ModelCatalog, ModelFile } from './modelCatalog.js';
import type { ModelDownload, ModelDownloads } from './modelDownloads.js';
import { sizeWords } from './modelWords.js';

/** Deletes a model that was downloaded here, after a question; files of other programs and of the user are not touched. */
export async function deleteModel(catalog: ModelCatalog, session: EngineSession, file: ModelFile): Promise<void> {
  const { readRecord, removeDownload } = await import('../../engine/models/downloadRecord.js');
  const record = file.origin === 'download' ? await readRecord(file.path) : undefined;
  if (!record)
    throw new HumanError('model-missing', `${file.name} was not downloaded by SteerMoE.`, 'Delete its file yourself.');
  const yes = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete the model {0} ({1})?', file.name, sizeWords(file.bytes));
  const detail = vscode.l10n.t('{0}\nIt can be downloaded again from {1}.', file.path, record.uri);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  if (session.modelPath === file.path) await session.unload();
  await removeDownload(file.path);
  catalog.refresh();
}

/** Takes a stopped download out of the view, and what came of it off the disk. */
export async function deleteDownload(downloads: ModelDownloads, { uri, name }: ModelDownload): Promise<void> {
  const { removeUnfinished } = await import('../../engine/models/downloadRecord.js');
  const yes = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete what was downloaded of {0}?', name);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await removeUnfinished(uri);
  await downloads.forget(uri);
}
