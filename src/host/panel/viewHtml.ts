import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of a view: one script, one style sheet, both from dist/webview, and nothing else may be loaded. */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri, view: 'activations' | 'playground'): string {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const file = (ending: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, `${view}.${ending}`)).toString();
  const nonce = randomBytes(24).toString('base64url');
  // The toolkit tries :focus-visible with one empty style element, which takes its nonce from the page; the rest of its
  // styles are adopted style sheets, which need no 'unsafe-inline'.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    'img-src data: blob:',
    `font-src ${webview.cspSource}`,
  ].join('; ');
  const title = view === 'activations' ? vscode.l10n.t('Expert activations') : vscode.l10n.t('Playground');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${file('css')}">
</head>
<body>
<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
}
