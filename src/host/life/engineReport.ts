import * as vscode from 'vscode';
import { failureOf } from '../failure.js';
import type { EngineSession } from './engineSession.js';
import { reportText, type ReportedEngine } from './reportText.js';

const SCHEME = 'steermoe-report';
const PLACE = vscode.Uri.from({ scheme: SCHEME, path: '/SteerMoE Engine Report.md' });

/** "Show Engine Report": a read-only document that a user can paste into a bug report. */
export class EngineReportDocument implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(
    private readonly session: EngineSession,
    private readonly version: string,
  ) {}

  async provideTextDocumentContent(): Promise<string> {
    const { session, version } = this;
    let report: ReportedEngine | undefined;
    let failure = session.failure;
    try {
      report = await session.report();
    } catch (error) {
      failure = failureOf(error);
    }
    const trust = vscode.workspace.isTrusted;
    return reportText({
      version,
      vscode: vscode.version,
      platform: `${process.platform}-${process.arch}`,
      trust,
      report,
      failure,
    });
  }

  async show(): Promise<void> {
    this.changed.fire(PLACE);
    const document = await vscode.workspace.openTextDocument(PLACE);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
