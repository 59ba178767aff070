import * as vscode from 'vscode';
import { PAIRS } from '../filePaths.js';

const LARGEST = 2_000_000;

/** Above the file "Detect Experts", above each pair "Show as the model sees it". */
export class PairLenses implements vscode.CodeLensProvider {
  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const text = document.getText();
    if (!PAIRS.test(document.uri.path) || text.length > LARGEST) return [];
    const { parsePairs } = await import('../../core/pairs/parsePairs.js');
    const { set } = parsePairs(text, document.uri.path);
    const detect = new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
      title: vscode.l10n.t('$(search) Detect experts ({0} pairs)', set.pairs.length),
      command: 'steermoe.detect',
      arguments: [document.uri],
    });
    const pairs = set.pairs.map(({ line }) => {
      const range = new vscode.Range(line - 1, 0, line - 1, 0);
      const title = vscode.l10n.t('Show as the model sees it');
      return new vscode.CodeLens(range, { title, command: 'steermoe.showRendered', arguments: [document.uri, line] });
    });
    return [detect, ...pairs];
  }
}
