import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../src/engine/client.js';
import { type Layout, layoutOf } from '../fixtures/gguf/layout.js';
import { u16 } from '../fixtures/gguf/metadata.js';
import { rebuilt, storedTensors } from '../fixtures/gguf/rebuild.js';
import { partName, split } from '../fixtures/gguf/split.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { qwen3moe } from '../fixtures/models/presets.js';
import { ask, startEngine } from './engineUnderTest.js';
import { start } from './steermoeProcess.js';

const PARTS = 3;

let engine: EngineClient;
let folder: string;
let whole: string;
let layout: Layout;
let paths: string[];

beforeAll(async () => {
  engine = startEngine();
  whole = await ensureModel(qwen3moe());
  layout = layoutOf(await readFile(whole));
});
afterAll(() => engine.dispose());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-'));
  paths = [0, 1, 2].map((part) => join(folder, partName('model', part, PARTS)));
  for (const [i, bytes] of split(layout, PARTS).entries()) await writeFile(paths[i]!, bytes);
  return () => rm(folder, { recursive: true });
});

it('a split model is the model that it was made of', async () => {
  const one = await engine.load({ path: whole });
  const [expected] = await engine.generate([ask('How many apples?')]);
  const parts = await engine.load({ path: paths[0]! });
  const [result] = await engine.generate([ask('How many apples?')]);
  expect(result!.text).toBe(expected!.text);
  const sizes = await Promise.all(paths.map(async (path) => (await readFile(path)).length));
  expect(parts).toEqual({ ...one, bytes: sizes.reduce((sum, size) => sum + size) });
});

it('a split model whose first part holds metadata alone loads', async () => {
  const tensors = storedTensors(layout);
  const [metadata, ...rest] = [[], tensors.slice(0, 20), tensors.slice(20)].map((some, part) =>
    rebuilt(
      layout,
      {
        'split.no': u16(part),
        'split.count': u16(PARTS),
        'split.tensors.count': { type: 'i32', value: tensors.length },
      },
      some,
      part === 0,
    ),
  );
  for (const [i, bytes] of [metadata!, ...rest].entries()) await writeFile(paths[i]!, bytes);
  expect(await engine.load({ path: paths[0]! })).toMatchObject({ layers: 4, experts: 16 });
});

it('the parts may be links, as in the folders of Hugging Face', async () => {
  for (const [i, path] of paths.entries()) {
    await rename(path, join(folder, `blob${i}`));
    await symlink(join(folder, `blob${i}`), path);
  }
  expect(await engine.load({ path: paths[0]! })).toMatchObject({ layers: 4, experts: 16 });
});

describe('a split model is refused in a sentence', () => {
  it('by a later part, which names the first', async () => {
    await expect(engine.load({ path: paths[1]! })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: `${paths[1]!} is part 2 of a model of 3 parts.`,
      next: `Name ${paths[0]!}.`,
    });
    const { code, err } = await start(folder, ['info', paths[2]!]).ended;
    expect(code).toBe(1);
    expect(err).toContain(`Name ${paths[0]!}.`);
  });

  it('where parts are missing, which it names', async () => {
    await rm(paths[1]!);
    await expect(engine.load({ path: paths[0]! })).rejects.toMatchObject({
      reason: 'model-missing',
      message: `${paths[0]!} is the first of 3 parts, and model-00002-of-00003.gguf is not beside it.`,
    });
  });

  it('where its name does not lead to the others', async () => {
    const renamed = join(folder, 'model.gguf');
    await rename(paths[0]!, renamed);
    await expect(engine.load({ path: renamed })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: expect.stringContaining('has to end in -00001-of-00003.gguf') as string,
    });
  });

  it('where two parts have changed places', async () => {
    await rename(paths[1]!, join(folder, 'x'));
    await rename(paths[2]!, paths[1]!);
    await rename(join(folder, 'x'), paths[2]!);
    await expect(engine.load({ path: paths[0]! })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: expect.stringContaining(`${paths[1]!} is a broken GGUF model: its name says`) as string,
    });
  });

  it('where the parts do not belong together', async () => {
    const other = layoutOf(await readFile(await ensureModel(qwen3moe({ layers: 2 }))));
    await writeFile(paths[2]!, split(other, PARTS)[2]!);
    await expect(engine.load({ path: paths[0]! })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: expect.stringMatching(
        /two of its 3 parts have a tensor|its 3 parts have \d+ tensors together/,
      ) as string,
    });
  });

  it('where a part is cut off', async () => {
    const bytes = await readFile(paths[2]!);
    await writeFile(paths[2]!, bytes.subarray(0, bytes.length / 2));
    await expect(engine.load({ path: paths[0]! })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: expect.stringContaining(`${paths[2]!} is a broken GGUF model`) as string,
    });
  });

  it('where a part counts itself in another type, over which llama.cpp would end the process', async () => {
    const tensors = storedTensors(layout).slice(22, 44);
    await writeFile(paths[1]!, rebuilt(layout, { 'split.no': { type: 'u32', value: 1 } }, tensors, false));
    await expect(engine.load({ path: paths[0]! })).rejects.toMatchObject({
      reason: 'model-invalid',
      message: expect.stringContaining('"split.no" is not a number of 16 bits') as string,
    });
  });
});
