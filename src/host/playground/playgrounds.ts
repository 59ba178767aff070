import * as vscode from 'vscode';
import { planOfBoard } from '../../core/plans/board.js';
import { HumanError } from '../../core/humanError.js';
import { statisticsOf } from '../../core/statistics/statisticsOf.js';
import type { Parts } from '../parts.js';
import type { PlaygroundPanels } from './playgroundPanels.js';

const VIEW_TYPE = 'steermoe.playground';

/** The playgrounds of the window; their code is loaded with the first one. */
export class Playgrounds implements vscode.WebviewPanelSerializer {
  private loading: Promise<PlaygroundPanels> | undefined;
  private readonly registration = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);

  constructor(private readonly parts: Parts) {}

  async open(list: vscode.Uri | undefined): Promise<void> {
    await (await this.panels()).show(list);
  }

  /** Opens the playground of a list with a prompt typed in. */
  async suggest(list: vscode.Uri, prompt: string): Promise<void> {
    const playground = await (await this.panels()).show(list);
    playground.suggest(prompt);
  }

  /** Saves what is selected on a list's board as a plan. */
  async savePlan(list: vscode.Uri | undefined): Promise<void> {
    if (!list?.path.endsWith('.experts.json'))
      throw new HumanError('file-missing', 'No list of experts is open.', 'Choose one in the Expert Lists view.');
    const { savePlan } = await import('../lists/savePlan.js');
    const file = await this.parts.lists.list(list.fsPath);
    const board = this.parts.boards.get(list.toString());
    const { plan } = planOfBoard(board, statisticsOf(file), file.model);
    const saved = await savePlan({ plan, board, model: file.model, list: { path: list.fsPath, file } });
    if (saved) this.parts.showSaved(saved);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    (await this.panels()).restore(panel);
  }

  async moveList(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    if (this.loading) await (await this.loading).moveList(from, to);
  }

  dispose(): void {
    this.registration.dispose();
    void this.loading?.then((panels) => {
      panels.dispose();
    });
  }

  private panels(): Promise<PlaygroundPanels> {
    this.loading ??= import('./playgroundPanels.js').then(
      (module) => new module.PlaygroundPanels(this.parts, VIEW_TYPE),
    );
    return this.loading;
  }
}
