import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../harness/until.js';
import { closeEditors, exists, folder, LIST, PAIRS, read, type Suite } from './suite.js';

function shownEditors(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputCustom)
    .map(({ input }) => (input as vscode.TabInputCustom).uri.fsPath);
}

interface Plan {
  plan: { activated: unknown[]; deactivated: unknown[] };
  origin: { experts: string; label: string };
}

export const lists: Suite = {
  async 'detects experts, writes the list beside the pairs and opens it as charts'() {
    const list = await vscode.commands.executeCommand<vscode.Uri | undefined>('steermoe.detect', PAIRS);
    assert.equal(list?.fsPath, LIST.fsPath);
    const file = JSON.parse(await read(LIST)) as { labels: Record<string, string>; pairs: { file: string } };
    assert.deepEqual(file.labels, { a: 'digits', b: 'words' });
    assert.equal(file.pairs.file, 'digits-or-words.pairs.jsonl');
    assert.deepEqual(shownEditors(), [LIST.fsPath]);
    for (const left of ['partial', 'lock'])
      assert.equal(await exists(LIST.with({ path: `${LIST.path}.${left}` })), false, left);
  },

  async 'opens a list as text'() {
    await vscode.commands.executeCommand('steermoe.openAsText', LIST);
    const editor = await until('it is a text editor', () => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.fsPath, LIST.fsPath);
    // The schema that the extension brings finds nothing wrong with the file that the extension writes.
    assert.deepEqual(vscode.languages.getDiagnostics(LIST), []);
    await closeEditors();
  },

  async 'saves what is selected as a plan beside its list, and never over one that is there'() {
    const place = (number: string): vscode.Uri =>
      vscode.Uri.joinPath(folder, `digits-or-words.digits-on4-off4${number}.steering.json`);
    await vscode.commands.executeCommand('steermoe.savePlan', LIST);
    const { plan, origin } = JSON.parse(await read(place(''))) as Plan;
    assert.equal(plan.activated.length, 4);
    assert.equal(plan.deactivated.length, 4);
    assert.equal(origin.experts, 'digits-or-words.experts.json');
    assert.equal(origin.label, 'digits');
    await vscode.commands.executeCommand('steermoe.savePlan', LIST);
    assert.equal(await exists(place('-2')), true);
  },

  async 'keeps the board of a list that is renamed'() {
    const renamed = vscode.Uri.joinPath(folder, 'renamed.experts.json');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(LIST, renamed);
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    await vscode.commands.executeCommand('vscode.openWith', renamed, 'steermoe.experts');
    await until('it is open', () => shownEditors().includes(renamed.fsPath));
    await vscode.commands.executeCommand('steermoe.savePlan', renamed);
    assert.equal(await exists(vscode.Uri.joinPath(folder, 'renamed.digits-on4-off4.steering.json')), true);
    await closeEditors();
    const back = new vscode.WorkspaceEdit();
    back.renameFile(renamed, LIST);
    await vscode.workspace.applyEdit(back);
  },

  async 'opens one playground a list'() {
    const panels = (): string[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview)
        .map(({ label }) => label);
    const copy = vscode.Uri.joinPath(folder, 'copy.experts.json');
    await vscode.workspace.fs.copy(LIST, copy, { overwrite: true });
    await vscode.commands.executeCommand('steermoe.openPlayground', LIST);
    await vscode.commands.executeCommand('steermoe.openPlayground', copy);
    const both = ['SteerMoE Playground', 'SteerMoE Playground 2'];
    await until('both are open', () => panels().sort().join() === both.join());
    await vscode.commands.executeCommand('steermoe.openPlayground', LIST);
    await until('the first is in front', () =>
      vscode.window.tabGroups.all.some(({ activeTab }) => activeTab?.label === both[0]),
    );
    assert.deepEqual(panels().sort(), both);
    await closeEditors();
    await vscode.workspace.fs.delete(copy);
  },
};
