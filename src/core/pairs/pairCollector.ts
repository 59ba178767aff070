import type { Finding, JsonObject } from './finding.js';
import { isObject, reportUnknownFields } from './finding.js';
import type { Pair, PairSet, Problem } from './pair.js';
import { readPair } from './readPair.js';

/** Turns the place of a finding into columns of its line, 1-based. */
export type Locate = (finding: Finding) => { column: number; endColumn?: number };

/** Gathers the pairs and problems of one file, record by record. */
export class PairCollector {
  readonly set: PairSet;
  readonly problems: Problem[] = [];
  private readonly unknown = new Map<string, { problem: Problem; message: string; more: number }>();

  constructor(fileName: string) {
    const base = fileName.replace(/^.*[/\\]/, '');
    const name = base.replace(/(\.pairs)?\.(jsonl|json|csv)$/i, '') || base;
    this.set = { name, labels: { a: 'a', b: 'b' }, pairs: [] };
  }

  error(line: number, column: number, message: string, endColumn?: number): void {
    this.problems.push({ line, column, ...(endColumn === undefined ? {} : { endColumn }), message, severity: 'error' });
  }

  /** One record that may be a pair. */
  record(record: JsonObject, line: number, locate: Locate): void {
    const pair = readPair(record, (finding) => {
      this.found(finding, line, locate);
    });
    if (pair) this.set.pairs.push({ ...pair, line } satisfies Pair);
  }

  /** The optional first line {"name": ..., "labels": {"a": ..., "b": ...}}. */
  header(record: JsonObject, line: number, locate: Locate): void {
    const report = (finding: Finding) => {
      this.found(finding, line, locate);
    };
    const { name, labels } = record;
    reportUnknownFields(record, ['name', 'labels'], [], report);
    if (typeof name === 'string' && name.trim() !== '') this.set.name = name;
    else if (name !== undefined) report({ path: ['name'], message: 'The name must be text.', severity: 'error' });
    if (labels === undefined) return;
    if (!isObject(labels)) {
      report({ path: ['labels'], message: 'Write labels as {"a": "...", "b": "..."}.', severity: 'error' });
      return;
    }
    reportUnknownFields(labels, ['a', 'b'], ['labels'], report);
    for (const side of ['a', 'b'] as const) {
      const label = labels[side];
      if (typeof label === 'string' && label.trim() !== '') this.set.labels[side] = label;
      else if (label !== undefined) {
        report({ path: ['labels', side], message: 'A label must be text.', severity: 'error' });
      }
    }
  }

  /** All that was found, problems in the order of lines. */
  finish(): { set: PairSet; problems: Problem[] } {
    for (const { problem, message, more } of this.unknown.values()) {
      if (more > 0) problem.message = `${message} It stands in ${more} more ${more === 1 ? 'place' : 'places'}.`;
    }
    if (this.set.pairs.length === 0 && !this.problems.some(({ severity }) => severity === 'error')) {
      this.error(1, 1, 'This file has no pairs. Add a line such as {"prompt": "...", "a": "...", "b": "..."}.');
    }
    this.problems.sort((x, y) => x.line - y.line || x.column - y.column);
    return { set: this.set, problems: this.problems };
  }

  private found(finding: Finding, line: number, locate: Locate): void {
    const { message, severity, unknownField } = finding;
    const seen = unknownField === undefined ? undefined : this.unknown.get(unknownField);
    if (seen) {
      seen.more++;
      return;
    }
    const problem: Problem = { line, ...locate(finding), message, severity };
    if (unknownField !== undefined) this.unknown.set(unknownField, { problem, message, more: 0 });
    this.problems.push(problem);
  }
}
