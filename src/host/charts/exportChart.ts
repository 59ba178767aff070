import * as vscode from 'vscode';
import { stem } from '../filePaths.js';

/** Asks where a picture or table of a list goes and writes it; undefined where the user thinks better of it. */
export async function exportChart(
  list: vscode.Uri,
  format: 'png' | 'svg' | 'csv',
  data: string,
): Promise<{ file: string } | null> {
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export the activations'),
    defaultUri: vscode.Uri.joinPath(list, '..', `${stem(list.path)}.${format}`),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (!place) return null;
  const bytes = format === 'png' ? Buffer.from(data, 'base64') : Buffer.from(data, 'utf8');
  await vscode.workspace.fs.writeFile(place, bytes);
  return { file: vscode.workspace.asRelativePath(place) };
}
