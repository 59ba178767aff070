import * as vscode from 'vscode';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  source: 'engine' | 'llama.cpp';
  text: string;
}

/** Two output channels: what the extension and its engine do, and what llama.cpp says. */
export class Logs {
  readonly own = vscode.window.createOutputChannel('SteerMoE', { log: true });
  readonly llama = vscode.window.createOutputChannel('SteerMoE llama.cpp', { log: true });

  readonly entry = ({ level, source, text }: LogEntry): void => {
    (source === 'llama.cpp' ? this.llama : this.own)[level](text);
  };

  dispose(): void {
    this.own.dispose();
    this.llama.dispose();
  }
}
