import { beforeEach, describe, expect, it } from 'vitest';
import type { NativeContext } from '../../../native/tap.d.ts';
import { Lane } from '../../../src/engine/process/lane.js';
import { gatherStep } from '../../../src/engine/process/laneStep.js';
import { Slots, type Slot } from '../../../src/engine/process/slots.js';
import { ask } from '../../engine/engineUnderTest.js';

/** Remembers what was forgotten and copied; a recurrent one cannot forget a part. */
class FakeContext {
  readonly calls: string[] = [];
  constructor(
    readonly contextSize: number,
    private readonly recurrent = false,
  ) {}
  removeSequence(sequence: number, from: number): boolean {
    this.calls.push(`forget ${sequence} from ${from}`);
    return !this.recurrent || from === 0;
  }
  copySequence(from: number, to: number, length: number): void {
    this.calls.push(`copy ${from} to ${to}, ${length}`);
  }
  clear(): void {
    this.calls.push('clear');
  }
  /** As after a step that was undone: a state is then empty. */
  sequenceEnd(): number {
    return this.recurrent ? 0 : 2;
  }
}

let context: FakeContext;
let slots: Slots;

function lane(tokens: number[], plan = 'none', budget = tokens.length + 4): Lane {
  return new Lane(1, ask(''), plan, Int32Array.from(tokens), budget);
}

/** As the engine does: everything of the lane is computed, then it is done. */
function compute(slot: Slot): void {
  const current = slot.lane!;
  slot.tokens.push(...current.tokens.slice(current.computed));
  current.computed = current.tokens.length;
  slots.release(slot);
}

function start(cells: number, recurrent = false): void {
  context = new FakeContext(cells, recurrent);
  slots = new Slots(context as unknown as NativeContext, 2, recurrent);
}
beforeEach(() => {
  start(100);
});

describe('Slots', () => {
  it('takes up what an earlier answer of the same plan left, but computes the last token for its logits', () => {
    compute(slots.place(lane([1, 2, 3]))!);
    const again = lane([1, 2, 3]);
    slots.place(again);
    expect(again.computed).toBe(2);
    expect(context.calls).toContain('forget 0 from 2');
  });

  it('starts anew under another plan', () => {
    compute(slots.place(lane([1, 2, 3], 'one'))!);
    const other = lane([1, 2, 3, 4], 'other');
    slots.place(other);
    expect(other.computed).toBe(0);
  });

  it('copies a longer prefix from a slot that is at work', () => {
    const busy = slots.place(lane([1, 2, 3, 4]))!;
    busy.tokens.push(1, 2, 3);
    const other = lane([1, 2, 3, 9]);
    slots.place(other);
    expect(context.calls).toContain('copy 0 to 1, 3');
    expect(other.computed).toBe(3);
  });

  it('lets a lane wait while there is no slot or no room', () => {
    expect(slots.place(lane([1], 'none', 60))).toBeDefined();
    expect(slots.place(lane([2], 'none', 60))).toBeUndefined();
    expect(slots.place(lane([3], 'none', 40))).toBeDefined();
    expect(slots.place(lane([4], 'none', 1))).toBeUndefined();
  });

  it('forgets the oldest idle slot when the room is needed', () => {
    start(20);
    compute(slots.place(lane([1, 2, 3, 4, 5, 6, 7, 8]))!);
    compute(slots.place(lane([11, 12, 13, 14, 15, 16, 17, 18]))!);
    const large = slots.place(lane([11, 12, 13, 14], 'none', 18));
    expect(large!.sequence).toBe(1);
    expect(context.calls).toContain('forget 0 from 0');
  });

  it('keeps nothing where the cache cannot forget a part', () => {
    start(100, true);
    compute(slots.place(lane([1, 2, 3]))!);
    compute(slots.place(lane([4, 5, 6]))!);
    const again = lane([1, 2, 9]);
    slots.place(again);
    expect(again.computed).toBe(0);
    expect(context.calls).toEqual(['forget 0 from 0']);
  });

  it('goes on with a state that is the start of the prompt', () => {
    start(100, true);
    compute(slots.place(lane([1, 2, 3]))!);
    const next = lane([1, 2, 3, 4, 5]);
    slots.place(next);
    expect(next.computed).toBe(3);
    expect(context.calls).toEqual([]);
  });

  it.each([
    { prompt: [1, 2, 9], copies: [] },
    { prompt: [1, 2, 3, 9], copies: ['copy 0 to 1, 3'] },
  ])('copies a state as a whole or not at all: $prompt', ({ prompt, copies }) => {
    start(100, true);
    const busy = slots.place(lane([1, 2, 3, 4]))!;
    busy.tokens.push(1, 2, 3);
    slots.place(lane(prompt));
    expect(context.calls).toEqual(copies);
  });

  it.each([
    { recurrent: false, kept: 2 },
    { recurrent: true, kept: 0 },
  ])('does a step that was undone again from where the cache is: $kept', ({ recurrent, kept }) => {
    start(100, recurrent);
    const slot = slots.place(lane([1, 2, 3, 4]))!;
    slot.tokens.push(1, 2);
    slot.lane!.computed = 2;
    slots.takeBack(slot);
    expect([slot.tokens.length, slot.lane!.computed]).toEqual([kept, kept]);
  });
});

describe('gatherStep', () => {
  it('takes the lanes that answer first and cuts a long prompt', () => {
    const prompt = slots.place(lane([1, 2, 3, 4, 5]))!;
    const answering = slots.place(lane([7, 8]))!;
    answering.lane!.computed = 1;
    const { batch, parts } = gatherStep([prompt, answering], 4);
    expect(parts.map(({ slot, columns, samples }) => [slot.sequence, columns, samples])).toEqual([
      [1, 1, true],
      [0, 3, false],
    ]);
    expect([...batch.tokens]).toEqual([8, 1, 2, 3]);
    expect([...batch.positions]).toEqual([1, 0, 1, 2]);
    expect([...batch.outputs]).toEqual([1, 0, 0, 0]);
    expect([...batch.samplers!]).toEqual([1, -1, -1, -1]);
    expect([...batch.plans!]).toEqual([-1, -1, -1, -1]);
  });

  it('asks for the experts of each token of an answer once, when it is sampled from', () => {
    const request = ask('', { routing: true });
    const answering = new Lane(1, request, 'none', Int32Array.from([1, 2]), 9);
    const slot = slots.place(answering)!;
    for (const token of [5, 6]) answering.accept(token, new Uint8Array());
    answering.computed = 2;
    expect([...gatherStep([slot], 9).batch.routing!]).toEqual([1, 1]);
    // The first one's experts were told; then a step was undone, and the state of all before it with it.
    answering.routed = 1;
    answering.computed = 0;
    const { batch } = gatherStep([slot], 9);
    expect([...batch.routing!]).toEqual([0, 0, 0, 1]);
    expect([...batch.outputs]).toEqual([0, 0, 0, 1]);
  });
});
