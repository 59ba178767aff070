import * as vscode from 'vscode';
import { Changes } from '../changes.js';
import type { EngineSession } from '../life/engineSession.js';
import type { ModelCatalog, ModelFile } from './modelCatalog.js';
import { downloadRowWords } from './catalogWords.js';
import type { ModelDownload, ModelDownloads } from './modelDownloads.js';
import { modelDetails, modelWords } from './modelWords.js';

export type ModelNode = ModelFile | ModelDownload;

/** The Models view: downloads, and what can be chosen with the current one marked. */
export class ModelsTree implements vscode.TreeDataProvider<ModelNode> {
  private readonly changes = new Changes<ModelNode | undefined>();
  readonly onDidChangeTreeData = this.changes.on;

  constructor(
    private readonly catalog: ModelCatalog,
    private readonly session: EngineSession,
    private readonly downloads: ModelDownloads,
  ) {}

  refresh(): void {
    this.changes.fire(undefined);
  }

  async getChildren(element?: ModelNode): Promise<ModelNode[]> {
    return element ? [] : [...this.downloads.all(), ...(await this.catalog.files())];
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    return 'uri' in node ? downloadItem(node) : this.fileItem(node);
  }

  private fileItem(file: ModelFile): vscode.TreeItem {
    const known = this.catalog.known(file);
    if (!known && this.readable(file))
      void this.catalog.inspect(file).then(() => {
        this.changes.fire(file);
      });
    const item = new vscode.TreeItem(file.name);
    const current = this.session.modelPath === file.path;
    const failed = known && 'failure' in known;
    item.id = file.path;
    const words = this.progress(file) ?? modelWords(known, file, this.catalog.room);
    item.description = words;
    item.tooltip = modelDetails(file.path, known, this.catalog.room.context).join('\n');
    const kind = failed ? 'model.failed' : current ? 'model.current' : 'model.other';
    item.contextValue = file.origin === 'download' ? `${kind}.downloaded` : kind;
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

function downloadItem(download: ModelDownload): vscode.TreeItem {
  const item = new vscode.TreeItem(download.name);
  const words = downloadRowWords(download);
  item.id = `download:${download.uri}`;
  item.description = words;
  item.tooltip = `${download.uri}\n${words}`;
  item.contextValue = download.running ? 'download.running' : 'download.stopped';
  item.iconPath = new vscode.ThemeIcon(
    download.running ? 'loading~spin' : download.failure ? 'warning' : 'cloud-download',
  );
  item.accessibilityInformation = { label: `${download.name}, ${words}` };
  return item;
}
