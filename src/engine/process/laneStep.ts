import type { Batch } from '../../../native/tap.d.ts';
import type { Slot } from './slots.js';

/** One llama_decode over several lanes: its batch, and which columns belong to which slot. */
export interface LaneStep {
  batch: Batch;
  /** In column order. `samples` where the last of the slot's columns is the end of what its lane has to read. */
  parts: { slot: Slot; columns: number; samples: boolean }[];
}

/**
 * Gathers what every lane has still to read, up to `limit` columns: first a token for each lane that is answering,
 * so that a long prompt does not hold the others up, then the prompts.
 */
export function gatherStep(slots: readonly Slot[], limit: number): LaneStep {
  const byNeed = [...slots].sort((one, other) => one.lane!.pending - other.lane!.pending);
  const parts: LaneStep['parts'] = [];
  let n = 0;
  for (const slot of byNeed) {
    const columns = Math.min(slot.lane!.pending, limit - n);
    if (columns === 0) break;
    parts.push({ slot, columns, samples: columns === slot.lane!.pending });
    n += columns;
  }
  const batch = {
    tokens: new Int32Array(n),
    positions: new Int32Array(n),
    sequences: new Int32Array(2 * n).fill(-1),
    outputs: new Uint8Array(n),
    plans: new Int16Array(n).fill(-1),
    samplers: new Int16Array(n).fill(-1),
    routing: new Uint8Array(n),
  };
  let column = 0;
  for (const { slot, columns, samples } of parts) {
    const lane = slot.lane!;
    for (let i = 0; i < columns; i++, column++) {
      const position = lane.computed + i;
      batch.tokens[column] = lane.tokens[position]!;
      batch.positions[column] = position;
      batch.sequences[2 * column] = slot.sequence;
      if (lane.steered) batch.plans[column] = slot.sequence;
      if (lane.tellsExperts(position)) batch.routing[column] = 1;
    }
    if (!samples) continue;
    batch.outputs[column - 1] = 1;
    batch.samplers[column - 1] = slot.sequence;
  }
  return { batch, parts };
}
