import * as vscode from 'vscode';
import { HumanError } from '../../core/humanError.js';
import type { ModelDescription } from '../../core/model.js';
import type { EngineSession } from '../life/engineSession.js';
import type { ModelCatalog, ModelFile } from './modelCatalog.js';
import { modelDetails, modelWords } from './modelWords.js';

/** What can be done with models: choose, load, unload, add a folder. */
export class ModelActions {
  constructor(
    private readonly catalog: ModelCatalog,
    private readonly session: EngineSession,
    private readonly demo: string,
  ) {}

  /** Loads a model with its progress in the Models view. Fails with HumanError. */
  async load(path: string): Promise<ModelDescription> {
    await this.requireTrust(path);
    return vscode.window.withProgress({ location: { viewId: 'steermoe.models' } }, () => this.session.load(path));
  }

  /**
   * The current model in memory. Where none is chosen: the model with the weights that are asked for, else the demo
   * where it is the only one, else the user is asked. Undefined where the user thinks better of it.
   */
  async ready(tensors?: string): Promise<ModelDescription | undefined> {
    const path = this.session.modelPath;
    if (path !== undefined) {
      await this.requireTrust(path);
      return vscode.window.withProgress({ location: { viewId: 'steermoe.models' } }, () => this.session.ready());
    }
    const meant = tensors === undefined ? undefined : await this.withFingerprint(tensors);
    if (meant) return this.load(meant.path);
    const others = (await this.catalog.files()).filter((file) => file.path !== this.demo && this.mayWork(file));
    if (others.length > 0) return this.choose();
    const model = await this.load(this.demo);
    void this.sayDemo();
    return model;
  }

  /** A quick pick of the models, the demo first. */
  async choose(): Promise<ModelDescription | undefined> {
    const files = await this.catalog.files();
    const add = { label: vscode.l10n.t('$(add) Add a model...'), file: undefined };
    const items = files.map((file) => {
      const known = this.catalog.known(file);
      const details = known && 'failure' in known ? { detail: modelDetails(file.path, known)[0]! } : {};
      return { label: file.name, description: modelWords(known, file, this.catalog.room), file, ...details };
    });
    const picked = await vscode.window.showQuickPick([...items, add], {
      title: vscode.l10n.t('Choose a Mixture-of-Experts model'),
      placeHolder: vscode.l10n.t('GGUF files of the workspace, of your model folders, and the demo'),
    });
    if (!picked) return undefined;
    if (picked.file) return this.load(picked.file.path);
    await vscode.commands.executeCommand('steermoe.addModel');
    return undefined;
  }

  async unload(): Promise<void> {
    await this.session.unload();
  }

  async addFolder(): Promise<void> {
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        title: vscode.l10n.t('A folder with GGUF models'),
        openLabel: vscode.l10n.t('Add Folder'),
      })) ?? [];
    if (!folder) return;
    const settings = vscode.workspace.getConfiguration('steermoe');
    const folders = settings.inspect<string[]>('modelFolders')?.globalValue ?? [];
    if (!folders.includes(folder.fsPath))
      await settings.update('modelFolders', [...folders, folder.fsPath], vscode.ConfigurationTarget.Global);
    this.catalog.refresh();
  }

  /** The model of the catalogue with these weights, as far as the files were read already. */
  async withFingerprint(tensors: string): Promise<ModelFile | undefined> {
    const files = await this.catalog.files();
    return files.find((file) => {
      const known = this.catalog.known(file);
      return known && 'description' in known && known.description.fingerprint.tensors === tensors;
    });
  }

  private mayWork(file: ModelFile): boolean {
    if (file.origin === 'workspace' && !vscode.workspace.isTrusted) return false;
    const known = this.catalog.known(file);
    return !known || 'description' in known;
  }

  private async sayDemo(): Promise<void> {
    const words = vscode.l10n.t('No model was chosen, so the demo model was taken: it is the only one here.');
    const change = vscode.l10n.t('Choose Another');
    if ((await vscode.window.showInformationMessage(words, change)) === change) await this.choose();
  }

  /** A GGUF of an untrusted workspace is not handed to native code. */
  private async requireTrust(path: string): Promise<void> {
    if (vscode.workspace.isTrusted || path === this.demo) return;
    const file = (await this.catalog.files()).find((other) => other.path === path);
    if (file && file.origin !== 'workspace') return;
    throw new HumanError(
      'model-load-failed',
      `${path} belongs to a workspace that is not trusted, so it is not loaded.`,
      'Trust the workspace, or choose the demo model or one of your own model folders.',
    );
  }
}
