import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { Changes } from '../changes.js';
import type { Detections } from '../detection/detections.js';
import { failureOf } from '../failure.js';
import { stem } from '../filePaths.js';
import type { ListFile, ListsIndex } from '../lists/listsIndex.js';
import { listWords } from '../lists/listWords.js';
import type { PairsFile, PairsIndex, ReadPairs } from './pairsIndex.js';
import { pairsWords } from './pairsWords.js';

export type PairsNode =
  { kind: 'pairs'; file: PairsFile; uri: vscode.Uri } | { kind: 'list'; list: ListFile; uri: vscode.Uri };

/** The Prompt Pairs view: each file with the lists that were detected from it. */
export class PairsTree implements vscode.TreeDataProvider<PairsNode> {
  private readonly changes = new Changes<PairsNode | undefined>();
  readonly onDidChangeTreeData = this.changes.on;

  constructor(
    private readonly index: PairsIndex,
    private readonly lists: ListsIndex,
    private readonly detections: Detections,
  ) {}

  refresh(): void {
    this.changes.fire(undefined);
  }

  async getChildren(node?: PairsNode): Promise<PairsNode[]> {
    if (!node) {
      const files = await this.index.files();
      return files.map((file) => ({ kind: 'pairs', file, uri: file.uri }));
    }
    if (node.kind === 'list') return [];
    return (await this.listsOf(node.file)).map((list) => ({ kind: 'list', list, uri: list.uri }));
  }

  async getTreeItem(node: PairsNode): Promise<vscode.TreeItem> {
    return node.kind === 'pairs' ? this.pairsItem(node.file) : listItem(node.list);
  }

  private async pairsItem({ uri }: PairsFile): Promise<vscode.TreeItem> {
    const item = new vscode.TreeItem(stem(uri.path), vscode.TreeItemCollapsibleState.None);
    const words = this.detections.words(uri.fsPath);
    const read = await this.index.pairs(uri).catch((error: unknown) => failureOf(error));
    const lists = await this.listsOf({ uri, modified: 0 });
    if (lists.length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    // Of a row that it knows without children, VS Code keeps the first ones folded: with children it is another row.
    item.id = `pairs:${uri.fsPath}${lists.length > 0 ? ':lists' : ''}`;
    item.resourceUri = uri;
    item.description = words ?? ('set' in read ? pairsWords(read) : read.message);
    item.tooltip =
      'set' in read ? `${read.set.name}\n${read.set.labels.a} / ${read.set.labels.b}\n${uri.fsPath}` : read.message;
    item.contextValue = words === undefined ? 'pairs.idle' : 'pairs.running';
    const problems = 'set' in read && read.problems.some(({ severity }) => severity === 'error');
    item.iconPath = new vscode.ThemeIcon(words !== undefined ? 'loading~spin' : problems ? 'warning' : 'list-flat');
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
    item.accessibilityInformation = { label: `${stem(uri.path)}, ${item.description}` };
    return item;
  }

  /** By the path that a list names; where that is no file any more, by the pairs themselves. */
  private async listsOf({ uri }: PairsFile): Promise<ListFile[]> {
    const lists = await this.lists.lists();
    const known = new Set((await this.index.files()).map((file) => file.uri.fsPath));
    let read: ReadPairs | undefined;
    const own: ListFile[] = [];
    for (const list of lists) {
      if (!('file' in list.content)) continue;
      const { pairs } = list.content.file;
      const named = resolve(dirname(list.uri.fsPath), pairs.file);
      if (named === uri.fsPath) own.push(list);
      else if (!known.has(named)) {
        read ??= await this.index.pairs(uri).catch(() => undefined);
        if (read?.fingerprint === pairs.fingerprint) own.push(list);
      }
    }
    return own;
  }
}

function listItem({ uri, content }: ListFile): vscode.TreeItem {
  const item = new vscode.TreeItem(stem(uri.path));
  item.id = `pairs-list:${uri.fsPath}`;
  item.description = 'file' in content ? listWords(content.file) : content.failure.message;
  item.tooltip = uri.fsPath;
  item.contextValue = 'list';
  item.iconPath = new vscode.ThemeIcon('graph');
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  return item;
}
