import { basename } from 'node:path';
import * as vscode from 'vscode';
import { planOfBoard } from '../../core/plans/board.js';
import { HumanError } from '../../core/humanError.js';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';
import { statisticsOf } from '../../core/statistics/statisticsOf.js';
import type { ActivationsContract, ActivationsSnapshot, PairTokens } from '../../protocol/webview.js';
import { failureOf } from '../failure.js';
import { savePlan } from '../lists/savePlan.js';
import { viewHtml } from '../panel/viewHtml.js';
import { ViewChannel } from '../panel/viewChannel.js';
import type { Parts } from '../parts.js';
import { chartsRequests } from './chartsRequests.js';
import { exportChart } from './exportChart.js';
import { pairsPath, pairTokens } from './pairTokens.js';

/** The activation charts of one list, in one editor. */
export class ChartsPanel {
  private content: ActivationsSnapshot['content'] = null;
  private pairs = 0;
  private readonly channel: ViewChannel<ActivationsContract>;
  private readonly disposables: { dispose(): void }[];

  constructor(
    private readonly uri: vscode.Uri,
    panel: vscode.WebviewPanel,
    private readonly parts: Parts,
  ) {
    const { boards, session, pairs } = parts;
    this.channel = new ViewChannel<ActivationsContract>({
      port: panel.webview,
      readers: chartsRequests,
      handlers: {
        setBoard: ({ board }) => {
          boards.set(uri.toString(), board);
          return null;
        },
        showPair: ({ pair }, signal) => this.showPair(pair, signal),
        openPlayground: async () => {
          await vscode.commands.executeCommand('steermoe.openPlayground', uri);
          return null;
        },
        savePlan: () => this.savePlan(),
        export: ({ format, data }) => exportChart(uri, format, data),
        openAsText: async () => {
          await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
          return null;
        },
        copy: async ({ text }) => {
          await vscode.env.clipboard.writeText(text);
          return null;
        },
      },
      snapshot: () => this.snapshot(),
      log: (sentence) => {
        parts.logs.own.warn(sentence);
      },
    });
    const changed = (): void => {
      this.channel.changed();
    };
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), basename(uri.fsPath));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const reload = (): void => void this.load();
    this.disposables = [
      this.channel,
      watcher,
      watcher.onDidChange(reload),
      watcher.onDidCreate(reload),
      watcher.onDidDelete(reload),
      session.onDidChange(changed),
      pairs.onDidChange(reload),
      boards.onDidChange((owner) => {
        if (owner === uri.toString()) changed();
      }),
    ];
  }

  /** Reads the list; what goes wrong stands in the view. */
  async load(): Promise<void> {
    try {
      const file = await this.parts.lists.list(this.uri.fsPath);
      this.content = { file };
      const read = await this.parts.pairs
        .pairs(vscode.Uri.file(pairsPath(this.uri.fsPath, file)))
        .catch(() => undefined);
      this.pairs = read?.set.pairs.length ?? 0;
    } catch (error) {
      this.content = { failure: failureOf(error) };
      this.pairs = 0;
    }
    this.channel.changed();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private snapshot(): ActivationsSnapshot {
    return {
      fileName: basename(this.uri.fsPath),
      content: this.content,
      board: this.parts.boards.get(this.uri.toString()),
      pairs: this.pairs,
      engine: this.engine(),
    };
  }

  private engine(): ActivationsSnapshot['engine'] {
    const { model } = this.parts.session;
    if (!model) return 'no-model';
    const list = this.content && 'file' in this.content ? this.content.file : undefined;
    return model.fingerprint.tensors === list?.model.fingerprint.tensors ? 'ready' : 'other-model';
  }

  private file(): ExpertsFile {
    if (!this.content) throw new HumanError('file-unreadable', 'The list is being read.', 'Try again in a moment.');
    if ('file' in this.content) return this.content.file;
    const { reason, message, next } = this.content.failure;
    throw new HumanError(reason, message, next);
  }

  private async showPair(number: number, signal: AbortSignal): Promise<PairTokens> {
    const file = this.file();
    const { session, models, pairs } = this.parts;
    const { set } = await pairs.pairs(vscode.Uri.file(pairsPath(this.uri.fsPath, file)));
    const pair = set.pairs[number];
    if (!pair)
      throw new HumanError('pairs-invalid', `The pairs file has ${set.pairs.length} pairs.`, 'Choose one of them.');
    if (this.engine() !== 'ready') {
      const known = await models.withFingerprint(file.model.fingerprint.tensors);
      if (known) await models.load(known.path);
    }
    const { requireSameModel } = await import('../../core/files/requireSameModel.js');
    const model = await models.ready();
    if (!model) throw new HumanError('model-missing', 'No model is chosen.', 'Choose the model of this list first.');
    requireSameModel(file.model.fingerprint, model.fingerprint, 'This list of experts');
    return pairTokens(session, number, pair, file.options, signal);
  }

  private async savePlan(): Promise<{ file: string } | null> {
    const file = this.file();
    const board = this.parts.boards.get(this.uri.toString());
    const { plan } = planOfBoard(board, statisticsOf(file), file.model);
    const saved = await savePlan({ plan, board, model: file.model, list: { path: this.uri.fsPath, file } });
    return saved ? this.parts.showSaved(saved) : null;
  }
}

/** Makes the page of an editor and what stands behind it. */
export function openCharts(uri: vscode.Uri, panel: vscode.WebviewPanel, parts: Parts): void {
  const charts = new ChartsPanel(uri, panel, parts);
  panel.onDidDispose(() => {
    charts.dispose();
  });
  panel.webview.html = viewHtml(panel.webview, parts.extension, 'activations');
  void charts.load();
}
