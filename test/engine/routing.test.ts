import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../src/engine/client.js';
import { olmoe, qwen3moe, qwen3moeTied, deepseek } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { compareRouting, TOLERANCE } from '../fixtures/reference/compare.js';
import { forward } from '../fixtures/reference/forward.js';
import { readWeights, type Weights } from '../fixtures/reference/weights.js';
import { conversation, DEMO_MODEL, detectAll, startEngine } from './engineUnderTest.js';

/**
 * `clear` is the share of rows that must have more room than rounding takes. The demo model's common experts learned
 * to be nearly equal; its other rows are still checked to be a top-k within the tolerance.
 */
const MODELS = [
  { name: 'the demo model', path: () => Promise.resolve(DEMO_MODEL), tolerance: TOLERANCE.F16.margin, clear: 0.9 },
  { name: 'qwen3moe', path: () => ensureModel(qwen3moe()), tolerance: TOLERANCE.F32.margin, clear: 0.97 },
  {
    name: 'qwen3moe, tied, k 2',
    path: () => ensureModel(qwen3moeTied()),
    tolerance: TOLERANCE.F32.margin,
    clear: 0.97,
  },
  { name: 'olmoe', path: () => ensureModel(olmoe()), tolerance: TOLERANCE.F32.margin, clear: 0.97 },
  {
    name: 'deepseek, first layer dense',
    path: () => ensureModel(deepseek()),
    tolerance: TOLERANCE.F32.margin,
    clear: 0.97,
  },
];

/** Sides of unequal length with a common prefix, one with a target in the middle, and characters of several bytes. */
const PAIRS = [
  {
    a: conversation('Count from 3 to 8.', '3, 4, 5, 6, 7, 8'),
    b: conversation('Count from 3 to 8.', 'three, four, five'),
  },
  { a: conversation('Où est le café ?', 'Là-bas 😀, près de l’église.'), b: conversation('Where is it?', 'There.') },
  {
    a: {
      messages: [
        { role: 'system' as const, content: 'Document: the moon is made of stone. Be brief.' },
        { role: 'user' as const, content: 'What is the moon made of?' },
        { role: 'assistant' as const, content: 'Stone.' },
      ],
      target: { message: 1, start: 0, end: 25 },
    },
    b: conversation('What is the moon made of?', 'Cheese, they say.'),
  },
];

describe.each(MODELS)('routing of $name', ({ path, tolerance, clear: least }) => {
  let engine: EngineClient;
  let weights: Weights;
  beforeAll(async () => {
    const file = await path();
    weights = await readWeights(file);
    engine = startEngine();
    await engine.load({ path: file });
  });
  afterAll(() => engine.dispose());

  it('is the reference’s for every target token and layer, the last layer included', async () => {
    const { counts } = await detectAll(engine, PAIRS, true);
    let rows = 0;
    let clear = 0;
    for (const [index, pair] of PAIRS.entries()) {
      for (const side of ['a', 'b'] as const) {
        const rendered = await engine.render({
          messages: pair[side].messages,
          generationPrompt: false,
          target: pair[side].target,
        });
        const { from, to } = rendered.target!;
        const { tokens, experts } = counts[index]!.routing![side];
        expect([...tokens]).toEqual([...rendered.tokens.slice(from, to)]);
        const reference = forward(weights, rendered.tokens.slice(0, to), { logits: 'none' });
        const layers = reference.routing[0]!.length;
        const k = reference.routing[0]![0]!.selected.length;
        const selection = (token: number, layer: number): Uint16Array | undefined =>
          token < from ? undefined : experts.subarray(((token - from) * layers + layer) * k).subarray(0, k);
        const agreement = compareRouting(reference.routing, selection, tolerance);
        expect(agreement.wrong).toEqual([]);
        expect(agreement.rows).toBe((to - from) * layers);
        rows += agreement.rows;
        clear += agreement.clear;
      }
    }
    // Where two experts are nearly equal rounding decides; were that common, this test would prove nothing.
    expect(clear / rows).toBeGreaterThan(least);
  });

  it('counts what it routed', async () => {
    const { counts } = await detectAll(engine, PAIRS, true);
    for (const pair of counts) {
      for (const side of ['a', 'b'] as const) {
        const { experts } = pair.routing![side];
        const size = pair.counts[side].length;
        const layers = experts.length / pair.tokens[side] / weights.shape.expertsPerToken;
        const expected = new Uint32Array(size);
        for (const [i, expert] of experts.entries()) {
          const layer = Math.floor(i / weights.shape.expertsPerToken) % layers;
          expected[layer * weights.shape.experts + expert]!++;
        }
        expect([...pair.counts[side]]).toEqual([...expected]);
        expect(pair.counts[side].reduce((sum, n) => sum + n, 0)).toBe(experts.length);
      }
    }
  });

  it('does not depend on the pairs around it', async () => {
    const together = await detectAll(engine, PAIRS, true);
    for (const [index, pair] of PAIRS.entries()) {
      const { counts } = await detectAll(engine, [pair], true);
      expect(counts[0]!.counts).toEqual(together.counts[index]!.counts);
      expect(counts[0]!.routing).toEqual(together.counts[index]!.routing);
    }
  });
});
