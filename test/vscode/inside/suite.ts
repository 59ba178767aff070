import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Tests by what they check, in the order in which they run. */
export type Suite = Record<string, () => Promise<void> | void>;

export const extension = vscode.extensions.getExtension('steermoe.steermoe')!;

/** The opened folder: a copy of the demo's pairs. */
export const folder = vscode.workspace.workspaceFolders![0]!.uri;
export const PAIRS = vscode.Uri.joinPath(folder, 'digits-or-words.pairs.jsonl');
export const LIST = vscode.Uri.joinPath(folder, 'digits-or-words.experts.json');

/** The engines that this extension host has forked. */
export function engines(): number[] {
  const entry = join(extension.extensionPath, 'dist/engine.mjs');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(entry);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

export async function read(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

export async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}
