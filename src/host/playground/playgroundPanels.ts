import * as vscode from 'vscode';
import { showFailure } from '../life/notices.js';
import { viewHtml } from '../panel/viewHtml.js';
import type { Parts } from '../parts.js';
import { PlaygroundPanel } from './playgroundPanel.js';
import { keep } from './playgroundMemory.js';

/** The open playgrounds. A panel is known by its title, which VS Code brings back after a reload. */
export class PlaygroundPanels {
  private readonly open = new Map<vscode.WebviewPanel, PlaygroundPanel>();

  constructor(
    private readonly parts: Parts,
    private readonly viewType: string,
  ) {}

  /** The playground of a list: the one that is open already, or a new one beside. */
  async show(list: vscode.Uri | undefined, column = vscode.ViewColumn.Beside): Promise<PlaygroundPanel> {
    for (const [panel, playground] of this.open)
      if (list && playground.listUri?.toString() === list.toString()) {
        panel.reveal();
        return playground;
      }
    const title = this.freeTitle();
    keep(this.parts.memory, title, undefined);
    const panel = vscode.window.createWebviewPanel(this.viewType, title, column, {});
    const playground = this.attach(panel);
    const chosen = list ?? (await this.fittingList());
    if (chosen) await playground.chooseList(chosen);
    // Nobody chose a model yet: the list's own, or the demo where there is no other, comes while the prompt is written.
    if (this.parts.session.modelPath === undefined) void playground.chooseModel().catch(showFailure);
    return playground;
  }

  /** Gives a panel of before the reload its conversation back. */
  restore(panel: vscode.WebviewPanel): void {
    this.attach(panel);
  }

  async moveList(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    for (const playground of this.open.values()) await playground.moveList(from, to);
  }

  dispose(): void {
    for (const playground of this.open.values()) playground.dispose();
  }

  private attach(panel: vscode.WebviewPanel): PlaygroundPanel {
    const playground = new PlaygroundPanel(panel.title, panel, this.parts);
    this.open.set(panel, playground);
    const icon = (file: string): vscode.Uri => vscode.Uri.joinPath(this.parts.extension, 'media', file);
    // In a tab the picture takes no colour of the theme.
    panel.iconPath = { light: icon('experts.svg'), dark: icon('experts-dark.svg') };
    panel.onDidDispose(() => {
      this.open.delete(panel);
      playground.dispose();
    });
    panel.webview.html = viewHtml(panel.webview, this.parts.extension, 'playground');
    return playground;
  }

  private freeTitle(): string {
    const taken = new Set([...this.open.keys()].map(({ title }) => title));
    for (let number = 1; ; number++) {
      const title = number === 1 ? 'SteerMoE Playground' : `SteerMoE Playground ${number}`;
      if (!taken.has(title)) return title;
    }
  }

  private async fittingList(): Promise<vscode.Uri | undefined> {
    const tensors = this.parts.session.model?.fingerprint.tensors;
    const lists = await this.parts.lists.lists();
    return lists.find(({ content }) => 'file' in content && content.file.model.fingerprint.tensors === tensors)?.uri;
  }
}
