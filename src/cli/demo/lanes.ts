import type { LoadParams } from '../../protocol/engine.js';

/** A small model gains from many lanes a step: each needs some 130 cells for its prompt and answer. */
export const DEMO_LANES: Partial<LoadParams> = { lanes: 64, contextSize: 64 * 192 };
