import * as vscode from 'vscode';
import { shapeWords } from '../models/modelWords.js';
import type { EngineSession } from './engineSession.js';
import { stateIcon, stateWords } from './stateWords.js';

/** The one status bar item: the model and what the engine does; its tooltip is a menu. */
export class StatusItem {
  private readonly item = vscode.window.createStatusBarItem('steermoe.status', vscode.StatusBarAlignment.Right, 90);

  constructor(private readonly session: EngineSession) {
    this.item.name = 'SteerMoE';
    this.item.command = 'steermoe.chooseModel';
    this.update();
    this.item.show();
  }

  update(): void {
    const { state, model, failure, fallback } = this.session;
    const name = model?.name ?? vscode.l10n.t('no model');
    const words = stateWords(state, this.session.holdsModel);
    this.item.text = `$(${stateIcon(state)}) ${model?.name ?? 'SteerMoE'}`;
    this.item.accessibilityInformation = { label: `SteerMoE, ${name}, ${words}` };
    this.item.backgroundColor = state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    const lines = [
      `**SteerMoE** — ${words}`,
      model ? `${escape(model.name)} · ${shapeWords(model)}` : vscode.l10n.t('No model is chosen.'),
      ...(fallback === null ? [] : [escape(fallback)]),
      ...(failure ? [escape(`${failure.message} ${failure.next}`)] : []),
      '---',
      [
        link('chooseModel', vscode.l10n.t('Choose a model')),
        link('openPlayground', vscode.l10n.t('Playground')),
        link('showEngineReport', vscode.l10n.t('Engine report')),
      ].join(' · '),
      [
        link('restartEngine', vscode.l10n.t('Restart')),
        link('stopEngine', vscode.l10n.t('Stop')),
        link('showLogs', vscode.l10n.t('Logs')),
      ].join(' · '),
    ];
    const tooltip = new vscode.MarkdownString(lines.join('\n\n'));
    tooltip.isTrusted = { enabledCommands: MENU.map((name) => `steermoe.${name}`) };
    this.item.tooltip = tooltip;
  }

  dispose(): void {
    this.item.dispose();
  }
}

const MENU = ['chooseModel', 'openPlayground', 'showEngineReport', 'restartEngine', 'stopEngine', 'showLogs'] as const;

function link(command: (typeof MENU)[number], title: string): string {
  return `[${title}](command:steermoe.${command})`;
}

/** A model's name is anybody's text: nothing in it may become a link. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$]/g, '\\$&');
}
