import type { NativeContext, StepResult, TapError } from '../../../native/tap.d.ts';
import { HumanError } from '../../core/humanError.js';
import { planKey } from '../../core/plans/planKey.js';
import { planValues } from '../../core/plans/planValues.js';
import type { LaneEvent, LaneRequest, LaneResult } from '../../protocol/engine.js';
import { Lane } from './lane.js';
import { gatherStep, type LaneStep } from './laneStep.js';
import { BATCH, type LoadedModel } from './loadedModel.js';
import { nativeFailure } from './nativeFailure.js';
import { Slots, type Slot } from './slots.js';
import type { Turn } from './turn.js';

/** Events wait at most this long (milliseconds), so that a fast model sends a message per picture and not per token. */
const FLUSH_EVERY = 15;

interface Job {
  request: number;
  lanes: Lane[];
  resolve(results: LaneResult[]): void;
  reject(error: HumanError): void;
}

/**
 * Continuous batching: all lanes of all running requests go through one llama_decode a step, or take turns where the
 * model's sequences may not share a batch.
 */
export class Answers {
  private readonly context: NativeContext;
  private readonly slots: Slots;
  private readonly jobs = new Map<number, Job>();
  private waiting: Lane[] = [];
  private running = false;
  private events: LaneEvent[] = [];
  private flushedAt = 0;
  /** The sequence of the last step, where lanes take turns. */
  private served = -1;
  private freed = false;
  /** What the step at work computes. */
  private decoding: LaneStep['parts'] = [];

  constructor(
    private readonly model: LoadedModel,
    private readonly turn: Turn,
    private readonly send: (events: LaneEvent[]) => void,
  ) {
    const sequences = model.sequences(model.params.lanes);
    this.context = model.createContext({ cells: model.cells, batch: BATCH, outputs: sequences, sequences });
    this.slots = new Slots(this.context, sequences, model.native.recurrent);
  }

  generate(request: number, requests: readonly LaneRequest[]): Promise<LaneResult[]> {
    const lanes = requests.map((lane) => this.lane(request, lane));
    if (lanes.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.jobs.set(request, { request, lanes, resolve, reject });
      this.waiting.push(...lanes);
      if (!this.running) void this.run();
    });
  }

  /** Ends the lanes of a request, in the middle of a step if need be; the request rejects with "cancelled". */
  cancel(request: number): void {
    const job = this.jobs.get(request);
    if (!job) return;
    for (const lane of job.lanes) lane.cancelled = true;
    this.waiting = this.waiting.filter((lane) => !lane.cancelled);
    this.fail(job, new HumanError('cancelled', 'The answer was stopped.', 'Send the prompt again when you like.'));
    // The step is done again for the lanes that go on; one without a cancelled lane is left alone.
    if (this.decoding.some(({ slot }) => slot.lane?.cancelled)) this.context.abort();
  }

  free(): void {
    this.freed = true;
    for (const request of [...this.jobs.keys()]) this.cancel(request);
    this.context.free();
  }

  private lane(owner: number, request: LaneRequest): Lane {
    const { tokens } = this.model.render({
      messages: request.messages,
      generationPrompt: true,
      ...(request.thinking && { thinking: request.thinking }),
      ...(request.template && { template: request.template }),
    });
    const limit = Math.min(this.model.native.trainedContext || Infinity, this.model.cells);
    if (tokens.length >= limit)
      throw new HumanError(
        'conversation-too-long',
        `The conversation has ${tokens.length} tokens, and the context has room for ${limit}.`,
        limit < this.model.cells || this.model.native.trainedContext === limit
          ? 'Shorten or clear the conversation: the model was not trained for more.'
          : 'Shorten or clear the conversation, or set a larger context size.',
      );
    const budget = Math.min(limit, tokens.length + Math.max(1, request.maxTokens));
    return new Lane(owner, request, planKey(request.plan), tokens, budget);
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      for (;;) {
        this.admit();
        if (this.slots.active.length === 0) break;
        await this.turn.take(() => this.step());
      }
    } catch (error) {
      const failure = nativeFailure(error, 'The model could not go on with the answer');
      this.waiting = [];
      for (const slot of this.slots.active) this.slots.release(slot);
      this.slots.forget();
      for (const job of this.jobs.values()) this.fail(job, failure);
    } finally {
      this.running = false;
    }
  }

  private admit(): void {
    for (const slot of this.slots.active) if (slot.lane!.cancelled) this.slots.release(slot);
    while (this.waiting.length > 0) {
      const lane = this.waiting[0]!;
      const slot = this.slots.place(lane);
      if (slot === undefined) return;
      this.waiting.shift();
      this.context.setSampler(slot.sequence, lane.request.sampling);
      this.context.setPlan(
        slot.sequence,
        lane.steered
          ? { mode: lane.request.plan.mode.kind, values: planValues(lane.request.plan, this.model.description) }
          : undefined,
      );
    }
  }

  private async step(): Promise<void> {
    const slots = this.slots.active.filter((slot) => !slot.lane!.cancelled);
    if (slots.length === 0) return;
    const step = gatherStep(this.model.sharing === 'batch' ? slots : [this.next(slots)], BATCH);
    let result: StepResult;
    this.decoding = step.parts;
    try {
      result = await this.context.decode(step.batch);
    } catch (error) {
      // A lane was cancelled in the middle; the tap has undone the step, and the others do theirs again.
      if ((error as Partial<TapError>).code !== 'aborted') throw error;
      if (this.freed) return;
      for (const { slot } of step.parts) this.slots.takeBack(slot);
      return;
    } finally {
      this.decoding = [];
    }
    this.distribute(step, result);
  }

  /** Lanes that may not share a batch take turns. */
  private next(slots: readonly Slot[]): Slot {
    const next = slots.find((slot) => slot.sequence > this.served) ?? slots[0]!;
    this.served = next.sequence;
    return next;
  }

  private distribute(step: LaneStep, result: StepResult): void {
    const { moeLayers, expertsPerToken } = this.model.description;
    const width = moeLayers.length * expertsPerToken;
    let sampled = 0;
    let routed = 0;
    for (const { slot, columns, samples } of step.parts) {
      const lane = slot.lane!;
      for (let i = 0; i < columns; i++) {
        const position = lane.computed + i;
        if (!lane.tellsExperts(position)) continue;
        const experts = result.routing!.slice(routed * width, ++routed * width);
        const index = lane.routed++;
        if (!lane.cancelled)
          this.events.push({ kind: 'routing', request: lane.owner, lane: lane.request.id, index, experts });
      }
      slot.tokens.push(...lane.tokens.slice(lane.computed, lane.computed + columns));
      lane.computed += columns;
      if (!samples) continue;
      const token = result.sampled[sampled++]!;
      if (!lane.cancelled) this.advance(slot, lane, token);
    }
    this.flush(false);
  }

  private advance(slot: Slot, lane: Lane, token: number): void {
    if (this.model.native.isEndOfGeneration(token)) lane.stop = 'end';
    else {
      const index = lane.answerTokens;
      const text = lane.accept(token, this.model.answerPiece(token));
      this.events.push({ kind: 'token', request: lane.owner, lane: lane.request.id, index, token, text });
    }
    if (lane.stop === undefined) return;
    this.slots.release(slot);
    const job = this.jobs.get(lane.owner);
    if (!job?.lanes.every((other) => other.stop !== undefined)) return;
    this.flush(true);
    this.jobs.delete(job.request);
    job.resolve(job.lanes.map((other) => other.result()));
  }

  private fail(job: Job, error: HumanError): void {
    this.flush(true);
    this.jobs.delete(job.request);
    job.reject(error);
  }

  private flush(now: boolean): void {
    if (this.events.length === 0 || (!now && performance.now() - this.flushedAt < FLUSH_EVERY)) return;
    this.send(this.events);
    this.events = [];
    this.flushedAt = performance.now();
  }
}
