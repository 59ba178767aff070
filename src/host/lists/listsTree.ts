import * as vscode from 'vscode';
import { planFileWords } from '../../core/plans/planWords.js';
import { Changes } from '../changes.js';
import { stem } from '../filePaths.js';
import type { ListFile, ListsIndex, PlanFile } from './listsIndex.js';
import { listWords } from './listWords.js';

export type ListNode =
  { kind: 'list'; list: ListFile; uri: vscode.Uri } | { kind: 'plan'; plan: PlanFile; uri: vscode.Uri };

/** The Expert Lists view: each list with the plans that were made from it; plans of no list stand beside them. */
export class ListsTree implements vscode.TreeDataProvider<ListNode> {
  private readonly changes = new Changes<ListNode | undefined>();
  readonly onDidChangeTreeData = this.changes.on;

  constructor(private readonly index: ListsIndex) {}

  refresh(): void {
    this.changes.fire(undefined);
  }

  async getChildren(node?: ListNode): Promise<ListNode[]> {
    const plans = await this.index.plans();
    if (node) return node.kind === 'list' ? plans.filter(({ list }) => list === node.uri.fsPath).map(planNode) : [];
    const lists = await this.index.lists();
    const listed = new Set(lists.map(({ uri }) => uri.fsPath));
    const loose = plans.filter(({ list }) => list === undefined || !listed.has(list));
    return [...lists.map((list): ListNode => ({ kind: 'list', list, uri: list.uri })), ...loose.map(planNode)];
  }

  async getTreeItem(node: ListNode): Promise<vscode.TreeItem> {
    if (node.kind === 'plan') return planItem(node.plan);
    const { uri, content } = node.list;
    const item = new vscode.TreeItem(stem(uri.path));
    const plans = (await this.index.plans()).some(({ list }) => list === uri.fsPath);
    if (plans) item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    // As in the Prompt Pairs view: the first plan is shown, not folded away.
    item.id = `list:${uri.fsPath}${plans ? ':plans' : ''}`;
    item.description = 'file' in content ? listWords(content.file) : content.failure.message;
    item.tooltip =
      'file' in content ? `${content.file.name}\n${uri.fsPath}` : `${content.failure.message} ${content.failure.next}`;
    item.contextValue = 'file' in content ? 'list' : 'list.failed';
    item.iconPath = new vscode.ThemeIcon('file' in content ? 'graph' : 'warning');
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
    return item;
  }
}

function planNode(plan: PlanFile): ListNode {
  return { kind: 'plan', plan, uri: plan.uri };
}

function planItem({ uri, content }: PlanFile): vscode.TreeItem {
  const item = new vscode.TreeItem('file' in content ? `plan: ${planFileWords(content.file)}` : stem(uri.path));
  item.id = `plan:${uri.fsPath}`;
  item.description = 'file' in content ? stem(uri.path) : content.failure.message;
  item.tooltip = uri.fsPath;
  item.contextValue = 'plan';
  item.iconPath = new vscode.ThemeIcon('file' in content ? 'settings' : 'warning');
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  return item;
}
