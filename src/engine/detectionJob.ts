import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { DetectionAccumulator } from '../core/statistics/detectionAccumulator.js';
import {
  encodeJournalHeader,
  encodePairCounts,
  isSameJournal,
  journalHeader,
  readJournal,
  type Journal,
} from '../core/files/detectionJournal.js';
import { expertsFileOf, formatExpertsFile } from '../core/files/expertsFile.js';
import { expertStatistics, type ExpertsFile, type ExpertStatistic } from '../core/statistics/expertStatistics.js';
import { HumanError } from '../core/humanError.js';
import type { ModelDescription } from '../core/model.js';
import type { Pair, PairSet, Problem } from '../core/pairs/pair.js';
import { pairFingerprint, pairsFingerprint } from '../core/pairs/pairFingerprint.js';
import type { Thinking } from '../core/thinking.js';
import type { PairCounts } from '../protocol/engine.js';
import { openAppended, type Appended } from './appendedFile.js';
import { writeFileAtomic } from './atomicFile.js';
import type { Engine } from './client.js';
import { DetectionPace, type DetectionProgress } from './detectionPace.js';
import { FileLock } from './fileLock.js';
import { RoutingLog } from './routingLog.js';

export interface DetectionJob {
  /** An engine that has the model loaded. */
  engine: Pick<Engine, 'detect'>;
  model: ModelDescription;
  set: PairSet;
  /** Absolute paths: where the pairs were read, and where the *.experts.json goes. */
  pairsFile: string;
  out: string;
  /** Use the first N pairs only. */
  limit?: number | undefined;
  /** Bootstrap replicates; 1000 where absent. */
  replicates?: number | undefined;
  /** One of the model's ways of thinking; absent: as its chat template does by itself. */
  thinking?: Thinking | undefined;
  /** Extra variables of the chat template. */
  template?: Record<string, unknown> | undefined;
  /** Also write the selection of every target token to this file. */
  routing?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?(progress: DetectionProgress): void;
  /** A pair that could not be used; the others go on. */
  onProblem?(problem: Problem): void;
  /** How the journal is written; the real file where absent. */
  openJournal?: typeof openAppended;
}

export interface DetectionResult {
  file: ExpertsFile;
  statistics: ExpertStatistic[];
  problems: Problem[];
  /** Pairs whose counts were there from an earlier run. */
  resumed: number;
}

/** The journal of a detection whose result goes to `out`: there while it runs and after it was cut short. */
export function journalPath(out: string): string {
  return `${out}.partial`;
}

/**
 * Detects, resumes and writes the result. Every finished pair is a line in `<out>.partial` before the next one counts, so
 * that a crash loses the pair in flight at most; a later run with the same model and options takes up what is there,
 * known by the pairs' fingerprints, and its result is that of one run, bit for bit. The old result stays until the new
 * one is whole. Fails with HumanError; the journal is then kept, and `next` says so.
 */
export async function runDetection(job: DetectionJob): Promise<DetectionResult> {
  const lock = await FileLock.take(`${job.out}.lock`, (pid) => alreadyRunning(job.out, pid));
  try {
    return await new Detection(job).run();
  } finally {
    await lock.release();
  }
}

class Detection {
  private readonly pairs: Pair[];
  private readonly fingerprints: string[];
  /** Numbers of the pairs that have a fingerprint: a pair that stands in the file twice is computed once. */
  private readonly places = new Map<string, number[]>();
  private readonly sums: DetectionAccumulator;
  private readonly problems: Problem[] = [];
  private readonly pace: DetectionPace;
  private readonly stop = new AbortController();
  private failure: unknown;

  constructor(private readonly job: DetectionJob) {
    const { moeLayers, experts } = job.model;
    this.pairs = job.set.pairs.slice(0, job.limit);
    if (this.pairs.length === 0)
      throw new HumanError(
        'pairs-invalid',
        `${job.pairsFile} has no pairs that can be used.`,
        'Correct its problems, or add a line such as {"prompt": "...", "a": "...", "b": "..."}.',
      );
    this.fingerprints = this.pairs.map(pairFingerprint);
    for (const [index, fingerprint] of this.fingerprints.entries()) {
      const places = this.places.get(fingerprint);
      if (places) places.push(index);
      else this.places.set(fingerprint, [index]);
    }
    this.sums = new DetectionAccumulator(moeLayers.length * experts, job.replicates);
    this.pace = new DetectionPace(this.pairs);
  }

  async run(): Promise<DetectionResult> {
    const { job } = this;
    const about = {
      model: job.model.fingerprint,
      experts: this.sums.experts,
      template: job.template ?? {},
      ...(job.thinking && { thinking: job.thinking }),
    };
    const path = journalPath(job.out);
    const header = encodeJournalHeader(about);
    const kept = readJournal(await readFile(path, 'utf8').catch(() => ''));
    const same = isSameJournal(kept.header, journalHeader(about));
    const routing =
      job.routing === undefined ? undefined : await RoutingLog.open(job.routing, header, job.model.moeLayers.length);
    try {
      if (same) this.resume(kept, routing);
      const resumed = this.sums.pairs;
      const journal = (job.openJournal ?? openAppended)(path, !same);
      try {
        if (!same) journal.append(header);
        else if (kept.torn) journal.append('\n');
        await this.compute(journal, routing);
      } finally {
        journal.close();
      }
      const result = await this.finish(resumed, routing);
      await rm(path, { force: true });
      return result;
    } catch (error) {
      if (this.sums.pairs === 0 && !(same && kept.pairs.length > 0)) await rm(path, { force: true });
      throw this.withWhatIsKept(error);
    } finally {
      await routing?.close();
    }
  }

  private resume(kept: Journal, routing: RoutingLog | undefined): void {
    for (const { fingerprint, tokens, counts } of kept.pairs) {
      if (routing && !routing.has(fingerprint)) continue;
      this.count(fingerprint, { tokens, counts });
    }
    this.pace.start();
    this.progress();
  }

  private async compute(journal: Appended, routing: RoutingLog | undefined): Promise<void> {
    const missing = [...this.places.values()].map(([first]) => first!).filter((index) => !this.sums.has(index));
    if (missing.length === 0) return;
    const { engine, signal, thinking, template } = this.job;
    this.pace.start();
    try {
      await engine.detect(
        {
          pairs: missing.map((index) => ({ index, a: this.pairs[index]!.a, b: this.pairs[index]!.b })),
          ...(thinking && { thinking }),
          ...(template && { template }),
          routing: routing !== undefined,
        },
        {
          onPair: (pair) => {
            this.guard(() => {
              this.add(pair, journal, routing);
            });
          },
          onFailed: ({ index, message, next }) => {
            this.guard(() => {
              this.fail(index, `${message} ${next}`);
            });
          },
          signal: signal ? AbortSignal.any([signal, this.stop.signal]) : this.stop.signal,
        },
      );
    } catch (error) {
      throw this.failure ?? error;
    }
    if (this.failure !== undefined) throw this.failure as Error;
  }

  /** What fails here would be lost in the engine's message loop: it stops the detection instead. */
  private guard(work: () => void): void {
    if (this.failure !== undefined) return;
    try {
      work();
    } catch (error) {
      this.failure = error;
      this.stop.abort();
    }
  }

  private add(pair: PairCounts, journal: Appended, routing: RoutingLog | undefined): void {
    const fingerprint = this.fingerprints[pair.index]!;
    // In this order: what the journal has, the routing has too.
    if (pair.routing) routing?.add(fingerprint, pair.routing);
    journal.append(encodePairCounts(fingerprint, pair));
    this.count(fingerprint, pair);
    this.progress();
  }

  private count(fingerprint: string, { tokens, counts }: Pick<PairCounts, 'tokens' | 'counts'>): void {
    for (const index of this.places.get(fingerprint) ?? []) {
      // A journal may have a pair twice, for instance after a run with routing.
      if (this.sums.has(index)) continue;
      this.sums.add({ index, tokens, counts });
      this.pace.done(index, tokens.a + tokens.b);
    }
  }

  private fail(first: number, message: string): void {
    for (const index of this.places.get(this.fingerprints[first]!) ?? []) {
      const problem: Problem = { line: this.pairs[index]!.line, column: 1, message, severity: 'error' };
      this.problems.push(problem);
      this.pace.failed(index);
      this.job.onProblem?.(problem);
    }
    this.progress();
  }

  private progress(): void {
    this.job.onProgress?.(this.pace.progress());
  }

  private async finish(resumed: number, routing: RoutingLog | undefined): Promise<DetectionResult> {
    const { job, sums } = this;
    if (sums.pairs === 0)
      throw new HumanError(
        'pairs-invalid',
        `None of the ${this.pairs.length} pairs of ${basename(job.pairsFile)} could be used.`,
        'Correct the problems named for each pair.',
      );
    const used = this.pairs.flatMap((_, index) => (sums.has(index) ? [index] : []));
    const statistics = expertStatistics(job.model, sums);
    const file = expertsFileOf(
      {
        name: job.set.name,
        labels: job.set.labels,
        model: job.model,
        options: {
          replicates: sums.replicates,
          ...(job.limit !== undefined && { limit: job.limit }),
          ...(job.thinking && { thinking: job.thinking }),
        },
        pairs: {
          file: relative(dirname(job.out), job.pairsFile).replaceAll('\\', '/'),
          fingerprint: pairsFingerprint(used.map((index) => this.pairs[index]!)),
        },
      },
      sums,
      statistics,
    );
    await writeFileAtomic(job.out, formatExpertsFile(file));
    await routing?.finish(used.map((index) => [index, this.fingerprints[index]!]));
    return { file, statistics, problems: this.problems, resumed };
  }

  private withWhatIsKept(error: unknown): unknown {
    const kept = this.sums.pairs;
    if (!(error instanceof HumanError) || error.reason === 'pairs-invalid' || kept === 0) return error;
    const next = `${kept} of ${this.pairs.length} pairs are kept: run it again to go on from there.`;
    const before = error.reason === 'cancelled' ? '' : `${error.next} `;
    return new HumanError(error.reason, error.message, before + next, { cause: error });
  }
}

function alreadyRunning(out: string, pid: number): HumanError {
  return new HumanError(
    'write-failed',
    `Another detection${pid > 0 ? ` (process ${pid})` : ''} is writing ${out}.`,
    'Wait until it is done, stop it, or choose another file for the result.',
  );
}
