import * as vscode from 'vscode';
import type { Problem } from '../../core/pairs/pair.js';
import { PAIRS } from '../filePaths.js';

/** Between a key stroke and the check, in milliseconds. */
const AFTER = 250;
const LARGEST = 20_000_000;

/** Problems of the pairs files that are open, as one types. */
export class PairsDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection('steermoe');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly disposables: { dispose(): unknown }[];

  constructor() {
    this.disposables = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.soon(document, 0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.soon(document, AFTER);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        clearTimeout(this.timers.get(uri.toString()));
        this.collection.delete(uri);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.soon(document, 0);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private soon(document: vscode.TextDocument, milliseconds: number): void {
    if (!PAIRS.test(document.uri.path)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      void this.check(document);
    }, milliseconds);
    this.timers.set(key, timer);
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { parsePairs } = await import('../../core/pairs/parsePairs.js');
    if (document.isClosed) return;
    const text = document.getText();
    if (text.length > LARGEST) return;
    const { problems } = parsePairs(text, document.uri.path);
    this.collection.set(
      document.uri,
      problems.map((problem) => diagnostic(problem, document)),
    );
  }
}

function diagnostic({ line, column, endColumn, message, severity }: Problem, document: vscode.TextDocument) {
  const at = document.lineAt(Math.min(line, document.lineCount) - 1);
  const start = Math.min(column - 1, at.text.length);
  const end = endColumn === undefined ? at.text.length : Math.min(endColumn - 1, at.text.length);
  const range = new vscode.Range(at.lineNumber, start, at.lineNumber, Math.max(start, end));
  const found = new vscode.Diagnostic(
    range,
    message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  found.source = 'SteerMoE';
  return found;
}
