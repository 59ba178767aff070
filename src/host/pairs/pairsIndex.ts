import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { PairSet, Problem } from '../../core/pairs/pair.js';
import { Changes } from '../changes.js';
import { readBytes } from '../readFile.js';
import { watchFiles } from '../watchFiles.js';

export interface PairsFile {
  uri: vscode.Uri;
  modified: number;
}

export interface ReadPairs {
  set: PairSet;
  problems: Problem[];
  /** SHA-256 over the pairs, as a list names them. */
  fingerprint: string;
}

const PATTERN = '**/*.pairs.{jsonl,csv}';

/** The pairs files of the workspace (and of the demo without one), read when somebody looks at them. */
export class PairsIndex {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  private readonly watch = watchFiles(PATTERN, () => {
    this.refresh();
  });
  private found: Promise<PairsFile[]> | undefined;
  private readonly read = new Map<string, { modified: number; pairs: Promise<ReadPairs> }>();
  /** Files outside the workspace that belong here all the same. */
  private readonly added = new Set<string>();

  refresh(): void {
    this.found = undefined;
    this.changes.fire();
  }

  add(uri: vscode.Uri): void {
    this.added.add(uri.fsPath);
    this.refresh();
  }

  files(): Promise<PairsFile[]> {
    this.found ??= this.find();
    return this.found;
  }

  /** Fails with HumanError. */
  async pairs(uri: vscode.Uri): Promise<ReadPairs> {
    const modified = await modifiedAt(uri.fsPath);
    const kept = this.read.get(uri.fsPath);
    if (kept && kept.modified === modified) return kept.pairs;
    const pairs = readPairsFile(uri.fsPath);
    this.read.set(uri.fsPath, { modified, pairs });
    return pairs;
  }

  dispose(): void {
    this.watch.dispose();
  }

  private async find(): Promise<PairsFile[]> {
    const inWorkspace = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', 2000);
    const uris = [...inWorkspace, ...[...this.added].map((path) => vscode.Uri.file(path))];
    const unique = [...new Map(uris.map((uri) => [uri.fsPath, uri])).values()];
    const files = await Promise.all(unique.map(async (uri) => ({ uri, modified: await modifiedAt(uri.fsPath) })));
    return files.filter(({ modified }) => modified > 0).sort((x, y) => (x.uri.path < y.uri.path ? -1 : 1));
  }
}

/** 0 where the file is gone. */
export async function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function readPairsFile(path: string): Promise<ReadPairs> {
  const bytes = await readBytes(path);
  const [{ parsePairs }, { pairsFingerprint }] = await Promise.all([
    import('../../core/pairs/parsePairs.js'),
    import('../../core/pairs/pairFingerprint.js'),
  ]);
  const { set, problems } = parsePairs(bytes, path);
  return { set, problems, fingerprint: pairsFingerprint(set.pairs) };
}
