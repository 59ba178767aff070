import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { pageOf } from './pageOf.js';

/** The page of a view: one script and one style sheet out of dist/webview. It may load nothing. */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri, view: 'activations' | 'playground'): string {
  webview.options = { enableScripts: true, localResourceRoots: [] };
  const file = (ending: string): string =>
    readFileSync(vscode.Uri.joinPath(extension, 'dist', 'webview', `${view}.${ending}`).fsPath, 'utf8');
  return pageOf({
    title: view === 'activations' ? vscode.l10n.t('Expert activations') : vscode.l10n.t('Playground'),
    language: vscode.env.language,
    script: file('js'),
    style: file('css'),
    nonce: randomBytes(24).toString('base64url'),
  });
}
