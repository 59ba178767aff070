import * as vscode from 'vscode';

const START = `{"name": "Polite or blunt", "labels": {"a": "polite", "b": "blunt"}}
{"prompt": "Can you help me?", "a": "Of course, I would be glad to.", "b": "No."}
{"prompt": "What time is it?", "a": "I am sorry, I cannot see a clock.", "b": "Look yourself."}
`;

/** A new pairs file with a header and two pairs to write over, unsaved where there is no folder. */
export async function newPairsFile(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) {
    const document = await vscode.workspace.openTextDocument({ language: 'steermoe-pairs', content: START });
    await vscode.window.showTextDocument(document);
    return;
  }
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('New prompt pairs file'),
    defaultUri: vscode.Uri.joinPath(folder, 'polite-or-blunt.pairs.jsonl'),
    filters: { [vscode.l10n.t('Prompt pairs')]: ['pairs.jsonl', 'jsonl'] },
  });
  if (!place) return;
  const name = place.path.endsWith('.pairs.jsonl')
    ? place
    : place.with({ path: `${place.path.replace(/(\.pairs)?(\.jsonl)?$/, '')}.pairs.jsonl` });
  await vscode.workspace.fs.writeFile(name, new TextEncoder().encode(START));
  await vscode.window.showTextDocument(name);
}
