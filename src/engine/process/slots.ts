import type { NativeContext } from '../../../native/tap.d.ts';
import type { Lane } from './lane.js';

/** A sequence of the context: the lane that runs in it, and what its part of the cache holds. */
export interface Slot {
  readonly sequence: number;
  lane: Lane | undefined;
  /** Tokens in the cache, computed under the plan of this key. */
  tokens: number[];
  planKey: string;
  usedAt: number;
}

/**
 * Places lanes in the sequences of one unified cache. What an earlier answer left in the cache is used again where
 * the plan is the same: the cache holds what that plan computed, so another plan starts anew.
 */
export class Slots {
  private readonly slots: Slot[];
  private clock = 0;

  constructor(
    private readonly context: NativeContext,
    sequences: number,
    /** The model keeps a state, which can't go back: what a slot holds is of use as a whole or not at all. */
    private readonly whole: boolean,
  ) {
    this.slots = Array.from({ length: sequences }, (_, sequence) => ({
      sequence,
      lane: undefined,
      tokens: [],
      planKey: '',
      usedAt: 0,
    }));
  }

  get active(): Slot[] {
    return this.slots.filter((slot) => slot.lane !== undefined);
  }

  /** Puts the lane into a free slot; undefined while there is none or the cache has no room for all its tokens. */
  place(lane: Lane): Slot | undefined {
    const free = this.slots.filter((slot) => slot.lane === undefined);
    if (free.length === 0) return undefined;
    const reserved = this.active.reduce((sum, slot) => sum + slot.lane!.budget, 0);
    if (reserved + lane.budget > this.context.contextSize) return undefined;
    const reuse = (slot: Slot): number => (slot.planKey === lane.planKey ? this.reusable(slot, lane) : 0);
    const slot = free.reduce((best, candidate) => {
      const gain = reuse(candidate) - reuse(best);
      return gain > 0 || (gain === 0 && candidate.usedAt < best.usedAt) ? candidate : best;
    });
    this.makeRoom(reserved + lane.budget, slot);
    this.keep(slot, reuse(slot));
    this.copyLongerPrefix(slot, lane);
    slot.lane = lane;
    slot.planKey = lane.planKey;
    lane.computed = lane.cached = slot.tokens.length;
    return slot;
  }

  /** The lane is done; its tokens stay in the cache for the next turn of its conversation. */
  release(slot: Slot): void {
    slot.lane = undefined;
    slot.usedAt = ++this.clock;
  }

  /** After a step that was undone: a state can't be, and its sequence is then empty. */
  takeBack(slot: Slot): void {
    const kept = this.context.sequenceEnd(slot.sequence);
    slot.tokens.length = Math.min(slot.tokens.length, kept);
    if (slot.lane) slot.lane.computed = slot.tokens.length;
  }

  /** Empties the cache, after a failure that may have left it half written. */
  forget(): void {
    this.context.clear();
    for (const slot of this.slots) slot.tokens = [];
  }

  /** Forgets what idle slots hold, the oldest first, until the reserved cells are free. */
  private makeRoom(reserved: number, keeping: Slot): void {
    const idle = this.slots.filter((slot) => slot.lane === undefined && slot !== keeping);
    idle.sort((one, other) => one.usedAt - other.usedAt);
    let held = idle.reduce((sum, slot) => sum + slot.tokens.length, 0);
    for (const slot of idle) {
      if (held + reserved <= this.context.contextSize) return;
      held -= slot.tokens.length;
      this.keep(slot, 0);
    }
  }

  /** Another slot may hold a longer part of the prompt, for instance when one prompt is asked many times. */
  private copyLongerPrefix(slot: Slot, lane: Lane): void {
    let best = slot;
    let length = slot.tokens.length;
    for (const other of this.slots) {
      if (other === slot || other.planKey !== lane.planKey) continue;
      const common = this.reusable(other, lane);
      if (common <= length) continue;
      best = other;
      length = common;
    }
    if (best === slot) return;
    this.keep(slot, 0);
    this.context.copySequence(best.sequence, slot.sequence, length);
    slot.tokens = lane.tokens.slice(0, length);
  }

  /** How many tokens of the lane's prompt the slot's cache can serve. */
  private reusable(slot: Slot, lane: Lane): number {
    const common = commonPrefix(slot.tokens, lane.tokens);
    return this.whole && common < slot.tokens.length ? 0 : common;
  }

  private keep(slot: Slot, length: number): void {
    if (slot.tokens.length === length) return;
    // Recurrent models cannot forget a part: then nothing is kept.
    const kept = this.context.removeSequence(slot.sequence, length, -1) ? length : 0;
    if (kept !== length) this.context.removeSequence(slot.sequence, 0, -1);
    slot.tokens.length = kept;
  }
}

/** The common prefix of what is cached and a prompt, whose last token is computed anyway, for its logits. */
function commonPrefix(cached: readonly number[], prompt: readonly number[]): number {
  const limit = Math.min(cached.length, prompt.length - 1);
  let length = 0;
  while (length < limit && cached[length] === prompt[length]) length++;
  return length;
}
