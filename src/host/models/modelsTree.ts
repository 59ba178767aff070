import * as vscode from 'vscode';
import { Changes } from '../changes.js';
import type { EngineSession } from '../life/engineSession.js';
import type { ModelCatalog, ModelFile } from './modelCatalog.js';
import { modelDetails, modelWords } from './modelWords.js';

/** The Models view: what can be chosen, with the current one marked. */
export class ModelsTree implements vscode.TreeDataProvider<ModelFile> {
  private readonly changes = new Changes<ModelFile | undefined>();
  readonly onDidChangeTreeData = this.changes.on;

  constructor(
    private readonly catalog: ModelCatalog,
    private readonly session: EngineSession,
  ) {}

  refresh(): void {
    this.changes.fire(undefined);
  }

  getChildren(element?: ModelFile): Promise<ModelFile[]> | ModelFile[] {
    return element ? [] : this.catalog.files();
  }

  getTreeItem(file: ModelFile): vscode.TreeItem {
    const known = this.catalog.known(file);
    if (!known && this.readable(file))
      void this.catalog.inspect(file).then(() => {
        this.changes.fire(file);
      });
    const item = new vscode.TreeItem(file.name);
    const current = this.session.modelPath === file.path;
    const failed = known && 'failure' in known;
    item.id = file.path;
    const words = this.progress(file) ?? modelWords(known, file.bytes);
    item.description = words;
    item.tooltip = modelDetails(file.path, known).join('\n');
    item.contextValue = failed ? 'model.failed' : current ? 'model.current' : 'model.other';
    item.iconPath = failed
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon(
          current ? (this.session.holdsModel ? 'circle-filled' : 'circle-large-outline') : 'package',
        );
    const state = current ? vscode.l10n.t('current model') : vscode.l10n.t('model');
    item.accessibilityInformation = { label: `${file.name}, ${state}, ${words}` };
    return item;
  }

  private progress(file: ModelFile): string | undefined {
    if (this.session.modelPath !== file.path || this.session.state !== 'loading') return undefined;
    return vscode.l10n.t('loading, {0} %', Math.floor(this.session.loadedFraction * 100));
  }

  /** Files of a workspace that nobody trusts are not even read. */
  private readable(file: ModelFile): boolean {
    return vscode.workspace.isTrusted || file.origin === 'demo';
  }
}
