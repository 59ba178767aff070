import type * as vscode from 'vscode';
import type { Parts } from '../parts.js';

/** The editor of *.experts.json: read-only, so that a file that is broken or huge opens as well. */
export class ChartsEditor implements vscode.CustomReadonlyEditorProvider {
  static readonly viewType = 'steermoe.experts';

  constructor(private readonly parts: Parts) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { openCharts } = await import('./chartsPanel.js');
    openCharts(uri, panel, this.parts);
  }
}
