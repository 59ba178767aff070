import * as vscode from 'vscode';
import { HumanError } from '../../core/humanError.js';
import { SIDES, type Pair } from '../../core/pairs/pair.js';
import { possibleThinking, type Thinking } from '../../core/thinking.js';
import type { EngineSession } from '../life/engineSession.js';
import type { Settings } from '../life/settings.js';
import { showFailure } from '../life/notices.js';
import type { ModelActions } from '../models/modelActions.js';
import { renderedText } from '../../engine/renderedText.js';

const SCHEME = 'steermoe-pair';

/** "Show as the model sees it": both sides of a pair after the chat template, with their target spans marked. */
export class RenderedPair implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();
  private readonly disposables: { dispose(): unknown }[];

  constructor(
    private readonly session: EngineSession,
    private readonly models: ModelActions,
    private readonly settings: () => Settings,
  ) {
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? vscode.l10n.t('Open the pair again from its file.');
  }

  async show(file: vscode.Uri, line: number): Promise<void> {
    try {
      const document = await vscode.workspace.openTextDocument(file);
      const { parsePairs } = await import('../../core/pairs/parsePairs.js');
      const { set } = parsePairs(document.getText(), file.path);
      const pair = set.pairs.find((other) => other.line === line);
      if (!pair)
        throw new HumanError('pairs-invalid', `There is no pair on line ${line} any more.`, 'Use the lens above it.');
      const model = await this.models.ready();
      if (!model) return;
      const thinking = possibleThinking(model.thinking, this.settings().thinking);
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/pair on line ${line}.txt`, query: file.toString() });
      this.texts.set(uri.toString(), await this.text(pair, set.labels, thinking));
      this.changed.fire(uri);
      await vscode.window.showTextDocument(uri, {
        viewColumn: vscode.ViewColumn.Beside,
        preview: true,
        preserveFocus: true,
      });
    } catch (error) {
      await showFailure(error);
    }
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** With the options that a detection would have now. */
  private async text(pair: Pair, labels: Record<'a' | 'b', string>, thinking: Thinking | undefined): Promise<string> {
    const parts = SIDES.map(async (side) => {
      const { messages, target } = pair[side];
      const rendered = await this.session.render({
        messages,
        target,
        generationPrompt: false,
        ...(thinking && { thinking }),
      });
      return renderedText(labels[side], rendered);
    });
    return (await Promise.all(parts)).join('\n');
  }
}
