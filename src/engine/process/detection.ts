import type { NativeContext, StepResult } from '../../../native/tap.d.ts';
import { HumanError } from '../../core/humanError.js';
import { SIDES, type Side } from '../../core/pairs/pair.js';
import type { DetectionPair, DetectParams, DetectSummary, PairCounts, PairFailure } from '../../protocol/engine.js';
import { BATCH, type LoadedModel } from './loadedModel.js';
import { nativeFailure } from './nativeFailure.js';
import { PairColumns, type PairStep } from './pairColumns.js';
import type { Turn } from './turn.js';

/** Most target tokens of one step: each is an output, and an output holds a row of logits in llama.cpp's memory. */
const OUTPUTS = 128;

/** Smallest KV cache, so that one context serves pairs of ordinary length. */
const CELLS = 512;

export interface DetectionListener {
  onPair(counts: PairCounts): void;
  onFailed(failure: PairFailure): void;
}

/**
 * Counts which experts the target tokens of pairs select. One pair at a time, in an empty cache, both sides in one
 * batch with their common prefix computed once: so a pair's counts do not depend on the pairs around it, and a
 * detection that was stopped and resumed equals one that was not. (Batching several pairs gains nothing on a CPU.)
 * Models whose sequences may not share a batch read one side after the other.
 */
export class Detection {
  private context: NativeContext | undefined;
  private aborted = false;

  constructor(
    private readonly model: LoadedModel,
    private readonly turn: Turn,
    private readonly listener: DetectionListener,
  ) {}

  async run(params: DetectParams): Promise<DetectSummary> {
    const started = performance.now();
    const summary = { pairs: 0, failed: 0, computedTokens: 0, conversationTokens: 0 };
    try {
      for (const pair of params.pairs) {
        try {
          const columns = this.layout(pair, params);
          const counts = await this.count(pair.index, columns, params.routing);
          summary.pairs++;
          summary.computedTokens += columns.tokens.length;
          summary.conversationTokens += columns.conversationTokens;
          this.listener.onPair(counts);
        } catch (error) {
          if (!isOfThePair(error)) throw error;
          summary.failed++;
          this.listener.onFailed({ index: pair.index, reason: error.reason, message: error.message, next: error.next });
        }
      }
    } finally {
      this.context?.free();
    }
    return { ...summary, milliseconds: performance.now() - started };
  }

  /** Stops within the running step; run() then rejects with "cancelled". Pairs already sent stay sent. */
  abort(): void {
    this.aborted = true;
    this.context?.abort();
  }

  private layout(pair: DetectionPair, how: DetectParams): PairColumns {
    const columns = new PairColumns(
      this.model.renderSide(pair.a, how),
      this.model.renderSide(pair.b, how),
      this.model.sharing,
    );
    const longest = Math.max(columns.length.a, columns.length.b);
    const limit = this.model.native.trainedContext;
    if (limit > 0 && longest > limit)
      throw new HumanError(
        'conversation-too-long',
        `A side of the pair has ${longest} tokens up to the end of its target, but the model's context is ${limit}.`,
        'Shorten the conversation, or leave the pair out.',
      );
    return columns;
  }

  private async count(index: number, columns: PairColumns, routing: boolean): Promise<PairCounts> {
    const { moeLayers, experts } = this.model.description;
    const size = moeLayers.length * experts;
    const counts = { a: new Uint32Array(size), b: new Uint32Array(size) };
    const selections: Record<Side, Uint16Array[]> = { a: [], b: [] };
    const context = this.contextFor(columns.tokens.length);
    for (const step of columns.steps(BATCH, OUTPUTS)) {
      const result = await this.turn.take(() => this.compute(context, step, routing));
      for (const [s, side] of SIDES.entries()) {
        const add = result.counts!.subarray(s * size, (s + 1) * size);
        for (let i = 0; i < size; i++) counts[side][i]! += add[i]!;
      }
      if (routing) step.collect(result.routing!, selections);
    }
    return {
      index,
      tokens: columns.targets,
      counts,
      ...(routing && { routing: { a: sideRouting('a'), b: sideRouting('b') } }),
    };

    function sideRouting(side: Side): { tokens: Int32Array; experts: Uint16Array } {
      return { tokens: columns.targetTokens[side], experts: concatenate(selections[side]) };
    }
  }

  private async compute(context: NativeContext, step: PairStep, routing: boolean): Promise<StepResult> {
    // Asked for between two steps, when there was nothing to abort.
    this.requireGoing();
    try {
      if (step.fresh) context.clear();
      if (step.copied > 0) context.copySequence(0, 1, step.copied);
      return await context.decode({
        ...step.batch,
        counterCount: 2,
        routersOnly: true,
        ...(routing && { routing: step.batch.outputs }),
      });
    } catch (error) {
      this.requireGoing();
      throw nativeFailure(error, 'The model could not go on with the detection');
    }
  }

  private requireGoing(): void {
    if (this.aborted)
      throw new HumanError('cancelled', 'The detection was stopped.', 'Start it again to go on where it stopped.');
  }

  private contextFor(columns: number): NativeContext {
    if (this.context && this.context.contextSize >= columns) return this.context;
    this.context?.free();
    this.context = this.model.createContext({
      cells: Math.max(CELLS, columns),
      batch: BATCH,
      outputs: OUTPUTS,
      sequences: this.model.sequences(2),
    });
    return this.context;
  }
}

/** True for what is wrong with one pair alone; the others go on. */
function isOfThePair(error: unknown): error is HumanError {
  return (
    error instanceof HumanError && ['target-missing', 'conversation-too-long', 'template-failed'].includes(error.reason)
  );
}

function concatenate(parts: Uint16Array[]): Uint16Array {
  const whole = new Uint16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
