import * as vscode from 'vscode';
import type { ListsIndex } from './lists/listsIndex.js';

/** Puts a plan that was just written into the sidebar, wherever it lies. */
export function showSaved(lists: ListsIndex): (uri: vscode.Uri) => { file: string } {
  return (uri) => {
    if (vscode.workspace.getWorkspaceFolder(uri)) lists.refresh();
    else lists.add(uri);
    return { file: vscode.workspace.asRelativePath(uri) };
  };
}
