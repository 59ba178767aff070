import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../harness/until.js';
import { closeEditors, PAIRS, write, type Suite } from './suite.js';

const GOOD = '{"prompt": "Count to three.", "a": "1, 2, 3", "b": "one, two, three"}\n';

export const pairsFiles: Suite = {
  async 'says as one types what is wrong with a pairs file, by line and column'() {
    const uri = await write('typed.pairs.jsonl', GOOD);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'steermoe-pairs');
    const editor = await vscode.window.showTextDocument(document);
    const second = new vscode.Position(1, 0);
    await editor.edit((edit) => {
      edit.insert(second, '{"prompt": "x", "a": 1, "b": "y"}\n{"prompt": "x", "a": "y"');
    });
    const problems = await until('there are two problems', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length === 2 ? found : undefined;
    });
    const [wrong, cut] = problems.sort((one, other) => one.range.start.line - other.range.start.line);
    assert.equal(wrong!.source, 'SteerMoE');
    assert.equal(wrong!.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(wrong!.range.start.line, 1);
    assert.equal(document.getText(wrong!.range), '1');
    assert.equal(cut!.range.start.line, 2);

    await editor.edit((edit) => {
      edit.replace(wrong!.range, '"z"');
    });
    await until('one problem is left', () => vscode.languages.getDiagnostics(uri).length === 1);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(2, document.lineAt(2).text.length), ', "b": "z"}');
    });
    await until('none is left', () => vscode.languages.getDiagnostics(uri).length === 0);
    await document.save();
    await closeEditors();
  },

  async 'puts a lens above the file and above each pair, which shows the conversation as the model sees it'() {
    await vscode.window.showTextDocument(PAIRS);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', PAIRS);
    assert.equal(lenses.length, 101);
    const [detect, pair] = lenses;
    assert.match(detect!.command!.title, /Detect experts \(100 pairs\)/);
    assert.equal(pair!.range.start.line, 1);
    const { command, arguments: given } = pair!.command!;
    await vscode.commands.executeCommand(command, ...(given as unknown[]));
    const shown = await until('the pair is shown', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'steermoe-pair'),
    );
    const text = shown.document.getText();
    const line = JSON.parse((await vscode.workspace.openTextDocument(PAIRS)).lineAt(1).text) as Record<string, string>;
    assert.match(text, /===== digits: \d+ tokens, \d+ of them compared/);
    assert.match(text, /===== words: /);
    // The demo's template is ChatML.
    for (const side of ['a', 'b']) {
      const asked = `<|im_start|>user\n${line['prompt']}<|im_end|>\n`;
      assert.ok(text.includes(`${asked}<|im_start|>assistant\n⟦${line[side]}⟧`), `side ${side}: ${text}`);
    }
    await closeEditors();
  },

  async 'offers snippets for the header and for a pair'() {
    const document = await vscode.workspace.openTextDocument({ language: 'steermoe-pairs', content: '\n' });
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(0, 0),
    );
    const snippets = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet);
    const names = snippets.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['labels', 'pair', 'conversations']) assert.ok(names.includes(name), name);
  },
};
