import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HumanError } from '../../src/core/humanError.js';
import type { EngineClient } from '../../src/engine/client.js';
import { corrupt, CORRUPTIONS, type Corruption } from '../fixtures/corrupt.js';
import { dense, qwen3moe, withoutTemplate } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { ask, startEngine } from './engineUnderTest.js';

let engine: EngineClient;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-'));
  engine = startEngine();
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true });
});

async function failure(work: Promise<unknown>): Promise<HumanError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HumanError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('a model file that cannot be used', () => {
  it.each(Object.keys(CORRUPTIONS) as Corruption[])('is refused in a sentence: %s', async (how) => {
    const path = await corrupt(await ensureModel(qwen3moe()), join(folder, `${how}.gguf`), how);
    const error = await failure(engine.load({ path }));
    expect(error.reason).toMatch(/^model-(invalid|load-failed)$/);
    expect(error.message).toContain(path);
    expect(error.message).toMatch(/^\S.*[.!]$/s);
    expect(error.next).toMatch(/^[A-Z].*\.$/);
  });

  it('is refused where there is none', async () => {
    const error = await failure(engine.load({ path: join(folder, 'none.gguf') }));
    expect(error).toMatchObject({ reason: 'model-missing' });
  });

  it('is refused where it is a folder', async () => {
    expect(await failure(engine.load({ path: folder }))).toMatchObject({ reason: 'model-missing' });
  });

  it('is refused where it is dense', async () => {
    const error = await failure(engine.load({ path: await ensureModel(dense()) }));
    expect(error).toMatchObject({ reason: 'model-dense' });
    expect(error.message).toContain('no experts');
  });

  it('does not end the process: the next good model loads', async () => {
    const pid = engine.pid;
    const model = await engine.load({ path: await ensureModel(qwen3moe()) });
    expect(model).toMatchObject({ architecture: 'qwen3moe', experts: 16, expertsPerToken: 4, moeLayers: [0, 1, 2, 3] });
    expect(engine.pid).toBe(pid);
  });

  it('cannot chat where it has no chat template', async () => {
    await engine.load({ path: await ensureModel(withoutTemplate()) });
    expect(await failure(engine.generate([ask('Hello')]))).toMatchObject({ reason: 'model-no-template' });
  });
});

it('tells models of one shape but other weights apart', async () => {
  const one = await engine.inspect(await ensureModel(qwen3moe()));
  const other = await engine.inspect(await ensureModel(qwen3moe({ seed: 99 })));
  const again = await engine.inspect(await ensureModel(qwen3moe()));
  expect(other.fingerprint).toMatchObject({ architecture: one.architecture, layers: one.layers, experts: one.experts });
  expect(other.fingerprint.tensors).not.toBe(one.fingerprint.tensors);
  expect(again.fingerprint).toEqual(one.fingerprint);
});
