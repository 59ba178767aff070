import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, NativeContext, NativeModel, NativePlan } from '../../native/tap.d.ts';
import { olmoe, qwen3moe } from '../fixtures/models/presets.js';
import { topK } from '../fixtures/reference/selection.js';
import { steer } from '../fixtures/reference/steering.js';
import { lane, openContext, openFixture, openModel, someTokens, step, tapOf } from './tapUnderTest.js';

const FLOAT_ERROR = 1e-5;
const UNSEEN = 65535;

/** Layer 0 untouched; elsewhere two experts with a positive value and two with a negative one. */
function plan(mode: NativePlan['mode'], layers: number, experts: number): NativePlan {
  const values = new Float32Array(layers * experts);
  const strength = mode === 'paper' ? 1 : 1.7;
  for (let layer = 1; layer < layers; layer++) {
    for (const [expert, sign] of [
      [layer, 1],
      [layer + 8, 1],
      [0, -1],
      [7, -1],
    ] as const)
      values[layer * experts + expert] = sign * strength;
  }
  return { mode, values };
}

describe.each([
  { name: 'qwen3moe', spec: qwen3moe() },
  { name: 'olmoe', spec: olmoe() },
])('the router tap in $name', ({ spec }) => {
  const { layers, experts, expertsPerToken: k } = spec;
  const tokens = someTokens(30);
  let model: NativeModel;
  let context: NativeContext;
  let untapped: NativeContext;
  beforeAll(async () => {
    model = await openFixture(spec);
    context = openContext(model, tapOf(spec));
    untapped = openContext(model);
  });
  beforeEach(() => {
    context.clear();
    untapped.clear();
  });
  afterAll(() => {
    context.free();
    untapped.free();
    model.free();
  });

  const cell = <T extends Float32Array | Uint16Array>(all: T, row: number, layer: number, width: number): T =>
    all.subarray((row * layers + layer) * width, (row * layers + layer + 1) * width) as T;

  it('leaves the logits as they are to the last bit when it only watches', async () => {
    const columns = lane(tokens, [0], { output: true });
    await untapped.decode(step(columns));
    const watching = columns.map((column) => ({ ...column, routing: true, counters: [0] }));
    const { before, after } = await context.decode(step(watching, { counterCount: 1, scores: true }));
    for (const column of columns.keys()) expect(context.logits(column)).toEqual(untapped.logits(column));
    expect(after).toEqual(before);
  });

  it('reports the k highest values, counts them, and leaves out what the last layer does not see', async () => {
    const columns = lane(tokens, [0], { routing: true, counters: [0, 1] });
    for (const column of columns.slice(-5)) column.output = true;
    const { routing, before, counts } = await context.decode(step(columns, { counterCount: 2, scores: true }));
    const expected = new Uint32Array(layers * experts);
    for (const row of columns.keys()) {
      for (let layer = 0; layer < layers; layer++) {
        const selected = [...cell(routing!, row, layer, k)];
        if (layer === layers - 1 && !columns[row]!.output) {
          expect(selected).toEqual(new Array(k).fill(UNSEEN));
          expect(cell(before!, row, layer, experts).every(Number.isNaN)).toBe(true);
          continue;
        }
        expect(selected).toEqual(topK(Float64Array.from(cell(before!, row, layer, experts)), k));
        for (const expert of selected) expected[layer * experts + expert]!++;
      }
    }
    expect(counts!.subarray(0, expected.length)).toEqual(expected);
    expect(counts!.subarray(expected.length)).toEqual(expected);
  });

  it.each(['paper', 'soft'] as const)(
    'steers by the formula of mode %s, and only columns with a plan',
    async (mode) => {
      const steering = plan(mode, layers, experts);
      context.setPlan(0, steering);
      const plain = lane(tokens, [0], { output: true, routing: true });
      const steered = lane(tokens, [1], { output: true, routing: true, plan: 0 });
      const mixed = plain.flatMap((column, i) => [column, steered[i]!]);
      const { before, after, routing } = await context.decode(step(mixed, { scores: true }));
      for (const [row, column] of mixed.entries()) {
        for (let layer = 0; layer < layers; layer++) {
          const z = cell(before!, row, layer, experts);
          const got = cell(after!, row, layer, experts);
          if (column.plan === undefined || layer === 0) {
            expect(got).toEqual(z);
            continue;
          }
          const values = steering.values.subarray(layer * experts, (layer + 1) * experts);
          const expected = steer(Float64Array.from(z), mode, values);
          for (const expert of expected.keys())
            expect(Math.abs(got[expert]! - expected[expert]!)).toBeLessThan(FLOAT_ERROR);
          const selected = [...cell(routing!, row, layer, k)];
          expect(selected).toEqual(topK(Float64Array.from(got), k));
          if (mode === 'paper') expect(selected.slice(0, 2)).toEqual([layer, layer + 8]);
        }
      }
    },
  );

  it('steers the values as they are where it is told not to take their log softmax', async () => {
    const other = openContext(model, { ...tapOf(spec), logSoftmax: false });
    const steering = plan('paper', layers, experts);
    other.setPlan(0, steering);
    const columns = lane(tokens, [0], { output: true, routing: true, plan: 0 });
    const { before, after } = await other.decode(step(columns, { scores: true }));
    for (const row of columns.keys()) {
      for (let layer = 0; layer < layers; layer++) {
        const z = Float64Array.from(cell(before!, row, layer, experts));
        const values = steering.values.subarray(layer * experts, (layer + 1) * experts);
        const expected = steer(z, 'paper', values, false);
        for (const [expert, value] of cell(after!, row, layer, experts).entries())
          expect(Math.abs(value - expected[expert]!)).toBeLessThan(FLOAT_ERROR);
      }
    }
    other.free();
  });

  it('brings back what watched nodes hold, before any steering, and where they come from', async () => {
    const options = { contextSize: 512, batchSize: 256, outputs: 64, sequences: 4, threads: 1 };
    const watch = ['ffn_moe_logits', 'ffn_moe_topk', 'ffn_moe'];
    const watching = model.createContext({ ...options, tap: tapOf(spec), watch });
    watching.setPlan(0, plan('paper', layers, experts));
    const columns = lane(tokens, [0], { output: true, routing: true, plan: 0 });
    const { before, routing, watched } = await watching.decode(step(columns, { scores: true }));
    const names = Array.from({ length: layers }, (_, layer) => [
      ['ffn_moe_logits', layer],
      ['ffn_moe_topk', layer],
    ]).flat();
    expect(watched!.map(({ name, layer }) => [name, layer])).toEqual(names);
    for (const { name, layer, shape, values, origin } of watched!) {
      const logits = name === 'ffn_moe_logits';
      expect(shape).toEqual([logits ? experts : k, tokens.length, 1, 1]);
      expect(origin[0]).toEqual({ name: `${name}-${layer}`, operation: logits ? 'MUL_MAT' : 'VIEW' });
      if (!logits) expect(origin[1]!.operation).toBe('ARGSORT');
      for (const row of tokens.keys()) {
        if (logits)
          expect(values.subarray(row * experts, (row + 1) * experts)).toEqual(cell(before!, row, layer, experts));
        else expect(new Set(values.subarray(row * k, (row + 1) * k))).toEqual(new Set(cell(routing!, row, layer, k)));
      }
    }
    watching.free();
    for (const wrong of ['ffn_moe_logits', [''], [1], ['x'.repeat(64)]])
      expect(() => model.createContext({ ...options, watch: wrong as string[] })).toThrow(
        expect.objectContaining({ code: 'bad-argument' }),
      );
  });

  it('lets a plain lane answer beside a steered one as it does beside another plain one', async () => {
    context.setPlan(0, plan('paper', layers, experts));
    const beside = async (neighbour: { plan?: number }): Promise<Float32Array> => {
      context.clear();
      const first = lane(tokens, [0], { output: true });
      const second = lane(tokens, [1], { output: true, ...neighbour });
      await context.decode(step(first.flatMap((column, i) => [column, second[i]!])));
      return context.logits(2 * tokens.length - 2);
    };
    expect(await beside({ plan: 0 })).toEqual(await beside({}));
  });

  it('counts a shared prefix for both of its sequences', async () => {
    const prefix = lane(tokens.slice(0, 20), [2, 3], { counters: [0, 1] });
    const a = lane(someTokens(6, 2), [2], { counters: [0], output: true }, 20);
    const b = lane(someTokens(9, 3), [3], { counters: [1], output: true }, 20);
    const both = await context.decode(step([...prefix, ...a, ...b], { counterCount: 2 }));
    expect([context.sequenceEnd(2), context.sequenceEnd(3)]).toEqual([26, 29]);
    for (const [counter, branch] of [a, b].entries()) {
      context.clear();
      const alone = [...prefix, ...branch].map((column) => ({ ...column, sequences: [0], counters: [0] }));
      const { counts } = await context.decode(step(alone, { counterCount: 1 }));
      expect(both.counts!.subarray(counter * layers * experts, (counter + 1) * layers * experts)).toEqual(counts);
    }
  });

  it('leaves a complete cache when it stops after the last router', async () => {
    const columns = lane(tokens, [0], { output: true, routing: true });
    const whole = await context.decode(step(columns));
    context.clear();
    const stopped = await context.decode(step(columns, { routersOnly: true }));
    expect(stopped.routing).toEqual(whole.routing);
    expect(() => context.logits(0)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    await untapped.decode(step(lane(tokens, [0], { output: true })));
    const next = step(lane(someTokens(4, 5), [0], { output: true }, tokens.length));
    await Promise.all([context.decode(next), untapped.decode(next)]);
    for (let column = 0; column < 4; column++) expect(context.logits(column)).toEqual(untapped.logits(column));
  });

  it('says so and forgets the step when the model has no such routers', async () => {
    const right = tapOf(spec);
    for (const wrong of [
      { node: 'ffn_moe_nothing' },
      { experts: experts + 1 },
      { layers: Int32Array.of(0, layers + 3) },
    ]) {
      const tap = { ...right, ...wrong };
      const other = openContext(model, tap);
      other.setPlan(0, { mode: 'soft', values: new Float32Array(tap.layers.length * tap.experts).fill(1) });
      await expect(other.decode(step(lane(tokens, [0], { plan: 0 })))).rejects.toMatchObject({ code: 'tap-mismatch' });
      expect(other.sequenceEnd(0)).toBe(0);
      other.free();
    }
  });
});

describe('the addon', () => {
  const spec = qwen3moe();
  const tokens = someTokens(200);
  let model: NativeModel;
  let context: NativeContext;
  beforeAll(async () => {
    model = await openFixture(spec);
  });
  beforeEach(() => {
    context = openContext(model, tapOf(spec));
  });

  const refused: [string, (batch: Batch) => void][] = [
    ['a token that the model lacks', (batch) => (batch.tokens[1] = spec.vocabularySize)],
    ['a negative token', (batch) => (batch.tokens[1] = -1)],
    ['a negative position', (batch) => (batch.positions[1] = -1)],
    ['a gap in the positions', (batch) => (batch.positions[1] = 5)],
    ['a sequence that the context lacks', (batch) => (batch.sequences[2] = 4)],
    ['the same sequence twice', (batch) => (batch.sequences[3] = 0)],
    ['an empty plan slot', (batch) => (batch.plans![1] = 3)],
    ['an empty sampler slot', (batch) => (batch.samplers![1] = 3)],
    ['a sampler on a column that is no output', (batch) => (batch.samplers![0] = 0)],
    ['a counter that is not there', (batch) => (batch.counters![0] = 1)],
    ['arrays of different lengths', (batch) => (batch.outputs = new Uint8Array(1))],
    ['the wrong kind of array', (batch) => Object.assign(batch, { tokens: [1, 2] })],
    ['more columns than a step holds', (batch) => Object.assign(batch, step(lane(someTokens(257), [0])))],
  ];
  it.each(refused)('refuses %s with a sentence', async (_, spoil) => {
    context.setSampler(0, { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 1 });
    const columns = lane(tokens.slice(0, 2), [0]);
    columns[1]!.output = true;
    const batch = step(columns, { counterCount: 1 });
    spoil(batch);
    const failure = await context.decode(batch).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'bad-argument', message: expect.stringMatching(/^[A-Z].*\.$/) as string });
    context.free();
  });

  it('stops when asked, and leaves the cache as it was', async () => {
    await context.decode(step(lane(tokens.slice(0, 10), [0])));
    const running = context.decode(step([...lane(tokens, [0], {}, 10), ...lane(tokens.slice(0, 40), [1, 2])]));
    context.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect([0, 1, 2].map((sequence) => context.sequenceEnd(sequence))).toEqual([10, 0, 0]);
    await context.decode(step(lane(tokens, [0], {}, 10)));
    context.free();
  });

  it('runs one step at a time', async () => {
    const running = context.decode(step(lane(tokens, [0])));
    await expect(context.decode(step(lane(tokens, [1])))).rejects.toMatchObject({ code: 'busy' });
    expect(() => context.sequenceEnd(0)).toThrow(expect.objectContaining({ code: 'busy' }));
    await running;
    expect(context.sequenceEnd(0)).toBe(200);
    context.free();
  });

  it('lets the steps of two contexts, which share their threads, wait for each other', async () => {
    const both = [openContext(model, tapOf(spec), 2), openContext(model, undefined, 2)];
    const work = step(lane(tokens.slice(0, 60), [0], { output: true }));
    const logits: Float32Array[][] = [];
    for (let round = 0; round < 20; round++) {
      for (const one of both) one.clear();
      await Promise.all(both.map((one) => one.decode(work)));
      logits.push(both.map((one) => one.logits(59)));
    }
    for (const [tapped, plain] of logits) {
      expect(tapped).toEqual(logits[0]![0]);
      expect(plain).toEqual(logits[0]![0]);
    }
    for (const one of both) one.free();
  });

  it('says when the cache is full', async () => {
    await context.decode(step(lane(tokens, [0])));
    await context.decode(step(lane(tokens, [1])));
    await expect(context.decode(step(lane(tokens, [2])))).rejects.toMatchObject({ code: 'cache-full' });
    expect(context.sequenceEnd(2)).toBe(0);
    context.free();
  });

  it('draws the same tokens from the same seed, and the most likely one without temperature', async () => {
    const warm = { temperature: 0.9, topK: 40, topP: 0.95, minP: 0.01, seed: 7 };
    context.setSampler(0, warm);
    context.setSampler(1, warm);
    context.setSampler(2, { ...warm, temperature: 0 });
    for (let position = 0; position < 8; position++) {
      const columns = [0, 1, 2].map((s) => ({ token: 20, position, sequences: [s], output: true, sampler: s }));
      const { sampled } = await context.decode(step(columns));
      expect(sampled[0]).toBe(sampled[1]);
      const logits = context.logits(2);
      expect(sampled[2]).toBe(logits.indexOf(Math.max(...logits)));
    }
    context.free();
  });

  it('frees a context once its running step is done', async () => {
    const running = context.decode(step(lane(tokens, [0])));
    context.free();
    context.free();
    expect((await running).sampled).toHaveLength(0);
    await expect(context.decode(step(lane(tokens, [0])))).rejects.toMatchObject({ code: 'freed' });
    expect(() => context.logits(0)).toThrow(expect.objectContaining({ code: 'freed' }));
  });

  it('copies a sequence without cells of its own', async () => {
    await context.decode(step(lane(tokens, [0])));
    context.copySequence(0, 1, 150);
    context.copySequence(0, 2, 150);
    expect(context.sequenceEnd(1)).toBe(150);
    await context.decode(step(lane(tokens.slice(150), [1], {}, 150)));
    context.free();
  });

  it('gives llama.cpp’s reason when a file is no model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tap-'));
    const path = join(folder, 'text.gguf');
    await writeFile(path, 'no model');
    const failure: unknown = await openModel(path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'load-failed', message: expect.stringContaining('magic') as string });
    await rm(folder, { recursive: true });
  });
});
