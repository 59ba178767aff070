import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';
import type { SteeringFile } from '../../core/plans/plan.js';
import type { Failure } from '../../protocol/webview.js';
import { Changes } from '../changes.js';
import { failureOf } from '../failure.js';
import { modifiedAt } from '../pairs/pairsIndex.js';
import { readText } from '../readFile.js';
import { watchFiles } from '../watchFiles.js';

export interface ListFile {
  uri: vscode.Uri;
  content: { file: ExpertsFile } | { failure: Failure };
}

export interface PlanFile {
  uri: vscode.Uri;
  content: { file: SteeringFile } | { failure: Failure };
  /** Path of the list that it was made from, where the file names one. */
  list: string | undefined;
}

/** The lists and plans of the workspace, read when somebody looks at them and again when they change. */
export class ListsIndex {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  private readonly watch = watchFiles('**/*.{experts,steering}.json', () => {
    this.refresh();
  });
  private found: Promise<{ lists: ListFile[]; plans: PlanFile[] }> | undefined;
  private readonly read = new Map<string, { modified: number; content: Promise<unknown> }>();
  private readonly added = new Set<string>();

  refresh(): void {
    this.found = undefined;
    this.changes.fire();
  }

  /** A list or plan outside the workspace that belongs here all the same. */
  add(uri: vscode.Uri): void {
    this.added.add(uri.fsPath);
    this.refresh();
  }

  async lists(): Promise<ListFile[]> {
    return (await this.all()).lists;
  }

  async plans(): Promise<PlanFile[]> {
    return (await this.all()).plans;
  }

  /** Fails with HumanError. */
  list(path: string): Promise<ExpertsFile> {
    return this.content(path, async (text) => (await import('../../core/files/expertsFile.js')).parseExpertsFile(text));
  }

  /** Fails with HumanError. */
  plan(path: string): Promise<SteeringFile> {
    return this.content(path, async (text) =>
      (await import('../../core/files/steeringFile.js')).parseSteeringFile(text),
    );
  }

  dispose(): void {
    this.watch.dispose();
  }

  private all(): Promise<{ lists: ListFile[]; plans: PlanFile[] }> {
    this.found ??= this.find();
    return this.found;
  }

  private async find(): Promise<{ lists: ListFile[]; plans: PlanFile[] }> {
    const inWorkspace = await vscode.workspace.findFiles('**/*.{experts,steering}.json', '**/node_modules/**', 2000);
    const paths = [...new Set([...inWorkspace.map(({ fsPath }) => fsPath), ...this.added])].sort();
    const there = await Promise.all(paths.map(async (path) => ((await modifiedAt(path)) > 0 ? path : undefined)));
    const files = there.filter((path) => path !== undefined);
    const lists = files.filter((path) => path.endsWith('.experts.json')).map((path) => this.listFile(path));
    const plans = files.filter((path) => path.endsWith('.steering.json')).map((path) => this.planFile(path));
    return { lists: await Promise.all(lists), plans: await Promise.all(plans) };
  }

  private async listFile(path: string): Promise<ListFile> {
    return { uri: vscode.Uri.file(path), content: await settled(this.list(path)) };
  }

  private async planFile(path: string): Promise<PlanFile> {
    const content = await settled(this.plan(path));
    const from = 'file' in content ? content.file.origin?.experts : undefined;
    return { uri: vscode.Uri.file(path), content, list: from && resolve(dirname(path), from) };
  }

  private async content<T>(path: string, parse: (text: string) => Promise<T>): Promise<T> {
    const modified = await modifiedAt(path);
    const kept = this.read.get(path);
    if (kept && kept.modified === modified) return kept.content as Promise<T>;
    const content = readText(path).then(parse);
    content.catch(() => undefined);
    this.read.set(path, { modified, content });
    return content;
  }
}

async function settled<T>(content: Promise<T>): Promise<{ file: T } | { failure: Failure }> {
  try {
    return { file: await content };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
