import { totalmem } from 'node:os';
import * as vscode from 'vscode';
import { MODEL_CATALOG } from '../../core/models/modelCatalog.js';
import { catalogWords } from './catalogWords.js';
import type { ModelActions } from './modelActions.js';
import type { ModelCatalog } from './modelCatalog.js';
import type { ModelDownloads } from './modelDownloads.js';

export interface AddModel {
  models: ModelActions;
  catalog: ModelCatalog;
  downloads: ModelDownloads;
}

/** "Add a Model...": one of the catalogue, one by its address, or a folder. */
export async function addModel(parts: AddModel): Promise<void> {
  const items = MODEL_CATALOG.map((model) => ({
    label: model.name,
    ...catalogWords(model, totalmem()),
    run: () => downloadModel(parts, model.uri),
  }));
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator, run: () => Promise.resolve() };
  const others = [
    { label: vscode.l10n.t('$(link) From an address...'), run: () => askForAddress(parts) },
    { label: vscode.l10n.t('$(folder-opened) A folder of models...'), run: () => parts.models.addFolder() },
  ];
  const picked = await vscode.window.showQuickPick([...others, separator, ...items], {
    title: vscode.l10n.t('Add a Mixture-of-Experts model'),
    placeHolder: vscode.l10n.t('Download from Hugging Face, or name a folder with GGUF files'),
  });
  await picked?.run();
}

/** Starts or goes on with a download; where it is done, the model is offered. */
export async function downloadModel({ models, catalog, downloads }: AddModel, uri: string): Promise<void> {
  const done = await downloads.start(uri);
  if (!done) return;
  catalog.refresh();
  const load = vscode.l10n.t('Load');
  const words =
    done.hash === 'checked'
      ? vscode.l10n.t('The model was downloaded, and its SHA-256 is right.')
      : vscode.l10n.t('The model was downloaded; the server names no SHA-256, so none was checked.');
  if ((await vscode.window.showInformationMessage(words, load)) === load) await models.load(done.path);
}

async function askForAddress(parts: AddModel): Promise<void> {
  const uri = await vscode.window.showInputBox({
    title: vscode.l10n.t('Download a model'),
    prompt: vscode.l10n.t('hf:user/repo:quant, hf:user/repo/file.gguf, or the address of a GGUF'),
    placeHolder: MODEL_CATALOG[0]!.uri,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^(hf:|https?:\/\/)\S+$/.test(text.trim()) ? undefined : vscode.l10n.t('An address begins with hf: or https://'),
  });
  if (uri !== undefined) await downloadModel(parts, uri.trim());
}
