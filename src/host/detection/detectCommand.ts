import * as vscode from 'vscode';
import { HumanError } from '../../core/humanError.js';
import { fileOf } from '../commands.js';
import { isCancelled } from '../failure.js';
import { PAIRS } from '../filePaths.js';
import { showFailure } from '../life/notices.js';
import type { ListsIndex } from '../lists/listsIndex.js';
import type { ModelActions } from '../models/modelActions.js';
import type { PairsIndex } from '../pairs/pairsIndex.js';
import type { Detected, Detections } from './detections.js';

/** "Detect Experts", from wherever it is asked for, up to the open charts. */
export class DetectCommand {
  constructor(
    private readonly pairs: PairsIndex,
    private readonly lists: ListsIndex,
    private readonly models: ModelActions,
    private readonly detections: Detections,
  ) {}

  /** Undefined where it was cancelled or failed, which the user has then seen. */
  async run(target: unknown): Promise<vscode.Uri | undefined> {
    const uri = pairsUri(target) ?? (await this.pick());
    if (!uri) return undefined;
    try {
      return await this.detect(uri);
    } catch (error) {
      if (isCancelled(error)) this.say(error as HumanError);
      else void showFailure(error);
      return undefined;
    }
  }

  private async detect(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
    if (uri.scheme !== 'file')
      throw new HumanError('file-unreadable', 'Pairs are read from files on this machine.', 'Save the file first.');
    const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === uri.fsPath);
    if (open?.isDirty) await open.save();
    const read = await this.pairs.pairs(uri);
    if (read.set.pairs.length === 0) {
      await vscode.window.showTextDocument(uri);
      throw new HumanError(
        'pairs-invalid',
        `${vscode.workspace.asRelativePath(uri)} has no pairs that can be used.`,
        'Correct its problems, or add a line such as {"prompt": "...", "a": "...", "b": "..."}.',
      );
    }
    const model = await this.models.ready();
    if (!model) return undefined;
    const detected = await vscode.window.withProgress(
      { location: { viewId: 'steermoe.pairs' }, title: vscode.l10n.t('Detecting experts') },
      () => this.detections.detect(uri.fsPath, read, model),
    );
    const out = vscode.Uri.file(detected.out);
    if (!vscode.workspace.getWorkspaceFolder(out)) this.lists.add(out);
    this.lists.refresh();
    await vscode.commands.executeCommand('vscode.openWith', out, 'steermoe.experts');
    tell(detected);
    return out;
  }

  private async pick(): Promise<vscode.Uri | undefined> {
    const files = await this.pairs.files();
    if (files.length === 0) {
      const create = vscode.l10n.t('New Prompt Pairs File');
      const demo = vscode.l10n.t('Try the Demo');
      const words = vscode.l10n.t('There is no *.pairs.jsonl or *.pairs.csv in this workspace.');
      const picked = await vscode.window.showInformationMessage(words, create, demo);
      if (picked !== undefined)
        await vscode.commands.executeCommand(picked === create ? 'steermoe.newPairsFile' : 'steermoe.tryDemo');
      return undefined;
    }
    const items = files.map(({ uri }) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    const title = vscode.l10n.t('Detect the experts that tell the two sides of these pairs apart');
    return (await vscode.window.showQuickPick(items, { title }))?.uri;
  }

  private say(error: HumanError): void {
    vscode.window.setStatusBarMessage(`SteerMoE: ${error.message} ${error.next}`, 8000);
  }
}

/** The pairs file that was clicked on or stands in the active editor. */
function pairsUri(target: unknown): vscode.Uri | undefined {
  const file = fileOf(target);
  return file && PAIRS.test(file.path) ? file : undefined;
}

function tell({ result, meanwhile }: Detected): void {
  const bad = result.problems.length;
  const failed =
    bad === 0 ? undefined : vscode.l10n.t('{0} pairs could not be used: {1}', bad, result.problems[0]!.message);
  const words = [meanwhile, failed].filter((sentence) => sentence !== undefined).join(' ');
  if (words !== '') void vscode.window.showWarningMessage(words);
}
