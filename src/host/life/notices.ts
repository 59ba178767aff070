import * as vscode from 'vscode';
import type { Failure } from '../../protocol/webview.js';
import { failureOf, isCancelled, sentences } from '../failure.js';

/** A failure as a notification: the sentence, what to do, and buttons that do it. What was cancelled is not news. */
export async function showFailure(error: unknown): Promise<void> {
  if (isCancelled(error)) return;
  await offer(failureOf(error));
}

const STEPS: Partial<Record<Failure['reason'], string[]>> = {
  'engine-crashed': ['steermoe.restartEngine', 'steermoe.showLogs'],
  'engine-hung': ['steermoe.restartEngine', 'steermoe.showLogs'],
  'engine-missing': ['steermoe.showEngineReport', 'steermoe.showLogs'],
  'engine-failed': ['steermoe.showLogs'],
  'model-load-failed': ['steermoe.chooseModel', 'steermoe.showLogs'],
  'out-of-memory': ['steermoe.chooseModel'],
  'model-missing': ['steermoe.chooseModel'],
  'model-dense': ['steermoe.chooseModel'],
  'model-invalid': ['steermoe.chooseModel'],
  'model-unsupported': ['steermoe.chooseModel'],
  'model-no-template': ['steermoe.chooseModel'],
  'plan-mismatch': ['steermoe.chooseModel'],
  'pairs-invalid': ['workbench.actions.view.problems'],
};

async function offer(failure: Failure): Promise<void> {
  const titles: Record<string, string> = {
    'steermoe.restartEngine': vscode.l10n.t('Restart Engine'),
    'steermoe.showLogs': vscode.l10n.t('Show Logs'),
    'steermoe.showEngineReport': vscode.l10n.t('Show Engine Report'),
    'steermoe.chooseModel': vscode.l10n.t('Choose a Model'),
    'workbench.actions.view.problems': vscode.l10n.t('Show Problems'),
  };
  const buttons = (STEPS[failure.reason] ?? []).map((command) => ({ title: titles[command]!, command }));
  const picked = await vscode.window.showErrorMessage(sentences(failure), ...buttons);
  if (picked) await vscode.commands.executeCommand(picked.command);
}
