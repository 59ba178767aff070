import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../harness/until.js';
import { closeEditors, engines, PAIRS, type Suite } from './suite.js';

/** The report as soon as it says what is waited for: one that was open before is read anew. */
async function report(saying: RegExp): Promise<string> {
  await vscode.commands.executeCommand('steermoe.showEngineReport');
  const text = await until(`the report says ${saying.source}`, () =>
    vscode.window.visibleTextEditors
      .filter(({ document }) => document.uri.scheme === 'steermoe-report')
      .map(({ document }) => document.getText())
      .find((shown) => saying.test(shown)),
  );
  await closeEditors();
  return text;
}

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('steermoe').update(name, value, vscode.ConfigurationTarget.Workspace);
}

export const engineLife: Suite = {
  async 'reports versions, backend and the model in memory'() {
    const text = await report(/^- model in memory: SteerMoE demo: qwen3moe 4x32 top-4/m);
    const { version } = vscode.extensions.getExtension('steermoe.steermoe')!.packageJSON as { version: string };
    assert.match(text, new RegExp(`^- SteerMoE: ${version.replaceAll('.', '\\.')}$`, 'm'));
    assert.match(text, new RegExp(`^- VS Code: ${vscode.version.replaceAll('.', '\\.')}`, 'm'));
    assert.match(text, /^- node-llama-cpp: 3\.\d+\.\d+$/m);
    assert.match(text, /^- llama\.cpp: \d+\.\d+/m);
    assert.match(text, /^- router tap: .*\d/m);
    assert.match(text, /^- backend: cpu$/im);
    assert.match(text, /^- workspace: trusted$/m);
    assert.match(text, /## Last error\n\nnone/);
  },

  async 'writes what it does into one output channel and what llama.cpp says into another'() {
    await vscode.commands.executeCommand('steermoe.showLogs');
    await until('the channel is shown', () =>
      vscode.window.visibleTextEditors.find(
        ({ document }) => document.uri.scheme === 'output' && /steermoe\.SteerMoE\b/i.test(document.fileName),
      ),
    );
    await vscode.commands.executeCommand('workbench.action.closePanel');
  },

  async 'takes a changed setting with the next request'() {
    await set('threads', 1);
    await vscode.commands.executeCommand('steermoe.showRendered', PAIRS, 2);
    await report(/^- threads: 1$/m);
    await set('threads', undefined);
  },

  async 'stops the engine after the minutes of the setting, and starts it again when it is needed'() {
    await set('idleMinutes', 1 / 60);
    await vscode.commands.executeCommand('steermoe.showRendered', PAIRS, 2);
    assert.equal(engines().length, 1);
    await until('the engine has stopped', () => engines().length === 0);
    await set('idleMinutes', undefined);
    await vscode.commands.executeCommand('steermoe.showRendered', PAIRS, 2);
    await until('the engine is back', () => engines().length === 1);
    await closeEditors();
  },

  async 'is another process after a restart, and none after a stop'() {
    const before = engines();
    await vscode.commands.executeCommand('steermoe.restartEngine');
    assert.equal(engines().length, 1);
    assert.notDeepEqual(engines(), before);
    await vscode.commands.executeCommand('steermoe.stopEngine');
    await until('it has ended', () => engines().length === 0);
  },
};
