import * as vscode from 'vscode';
import { showFailure } from './life/notices.js';

/** What a command does, with what VS Code hands to it: an item, a file, nothing. */
export type Commands = Record<string, (target: unknown, ...rest: unknown[]) => unknown>;

/** Registers commands under "steermoe."; a failure that nobody dealt with is shown. */
export function registerCommands(commands: Commands): vscode.Disposable {
  const registered = Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`steermoe.${name}`, async (...targets: unknown[]) => {
      try {
        return await run(targets[0], ...targets.slice(1));
      } catch (error) {
        void showFailure(error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** The file that a tree row, a menu or the active editor means. */
export function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target !== 'object' || target === null) return activeFile();
  if ('uri' in target && target.uri instanceof vscode.Uri) return target.uri;
  return 'path' in target && typeof target.path === 'string' ? vscode.Uri.file(target.path) : undefined;
}

function activeFile(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return undefined;
}
