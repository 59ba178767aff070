import { HumanError } from '../../core/humanError.js';
import type { ModelDescription } from '../../core/model.js';
import { possibleThinking } from '../../core/thinking.js';
import type { DetectionResult } from '../../engine/detectionJob.js';
import { Changes } from '../changes.js';
import { expertsPath, fileNameOf } from '../filePaths.js';
import { failureOf } from '../failure.js';
import type { EngineSession } from '../life/engineSession.js';
import type { Settings } from '../life/settings.js';
import { modifiedAt, type ReadPairs } from '../pairs/pairsIndex.js';
import { progressWords } from './progressWords.js';

export interface Detected {
  result: DetectionResult;
  out: string;
  /** What happened to the pairs file meanwhile, in words; undefined where nothing did. */
  meanwhile: string | undefined;
}

/** The detections of this window, one after the other, each cancelled by its pairs file. */
export class Detections {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  private readonly running = new Map<string, { words: string; controller: AbortController }>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: EngineSession,
    private readonly settings: () => Settings,
  ) {}

  /** What stands in the row of a pairs file; undefined where no detection is going on. */
  words(pairsFile: string): string | undefined {
    return this.running.get(pairsFile)?.words;
  }

  get any(): boolean {
    return this.running.size > 0;
  }

  cancel(pairsFile: string | undefined): void {
    for (const [path, { controller }] of this.running)
      if (pairsFile === undefined || path === pairsFile) controller.abort();
  }

  /** Fails with HumanError; what was finished is kept and a later run goes on from there. */
  async detect(pairsFile: string, read: ReadPairs, model: ModelDescription, signal?: AbortSignal): Promise<Detected> {
    if (this.running.has(pairsFile))
      throw new HumanError('write-failed', 'This file is being detected already.', 'Wait for it, or cancel it.');
    const controller = new AbortController();
    signal?.addEventListener('abort', () => {
      controller.abort();
    });
    const turn = this.last;
    const job = turn.then(() => this.run(pairsFile, read, model, controller.signal));
    this.last = job.catch(() => undefined);
    this.running.set(pairsFile, { words: 'waiting', controller });
    this.changes.fire();
    try {
      return await job;
    } finally {
      this.running.delete(pairsFile);
      this.changes.fire();
    }
  }

  private async run(
    pairsFile: string,
    { set }: ReadPairs,
    model: ModelDescription,
    signal: AbortSignal,
  ): Promise<Detected> {
    const before = await modifiedAt(pairsFile);
    const out = await placeFor(pairsFile, model);
    const { runDetection } = await import('../../engine/detectionJob.js');
    const result = await runDetection({
      engine: this.session,
      model,
      set,
      pairsFile,
      out,
      replicates: this.settings().replicates,
      thinking: possibleThinking(model.thinking, this.settings().thinking),
      signal,
      onProgress: (progress) => {
        const running = this.running.get(pairsFile);
        if (running) running.words = progressWords(progress);
        this.changes.fire();
      },
    });
    return { result, out, meanwhile: whatHappened(before, await modifiedAt(pairsFile)) };
  }
}

function whatHappened(before: number, after: number): string | undefined {
  if (after === 0) return 'The pairs file was deleted or renamed meanwhile; the result is of the pairs as they were.';
  if (after === before) return undefined;
  return 'The pairs file was changed meanwhile; the result is of the pairs as they were.';
}

/** Beside the pairs; with the model's name in it where another model's list has the usual name. */
async function placeFor(pairsFile: string, model: ModelDescription): Promise<string> {
  const usual = expertsPath(pairsFile);
  if ((await modifiedAt(usual)) === 0) return usual;
  const { readText } = await import('../readFile.js');
  const { parseExpertsFile } = await import('../../core/files/expertsFile.js');
  try {
    const file = parseExpertsFile(await readText(usual));
    if (file.model.fingerprint.tensors === model.fingerprint.tensors) return usual;
  } catch (error) {
    // A broken list is replaced; one of a newer version is not ours to overwrite.
    if (failureOf(error).reason !== 'file-newer') return usual;
  }
  return usual.replace(/\.experts\.json$/, `.${fileNameOf(model.name)}.experts.json`);
}
