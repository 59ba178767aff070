import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HumanError } from '../../src/core/humanError.js';
import type { EngineClient } from '../../src/engine/client.js';
import { corrupt, CORRUPTIONS, type Corruption } from '../fixtures/corrupt.js';
import { layoutOf } from '../fixtures/gguf/layout.js';
import { type Metadata, text, u32 } from '../fixtures/gguf/metadata.js';
import { rebuilt } from '../fixtures/gguf/rebuild.js';
import { dense, olmoe, qwen3moe, withoutTemplate } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import type { ModelSpec } from '../fixtures/models/spec.js';
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

const template = (source: string): Metadata => ({ 'tokenizer.chat_template': text(source) });

/** A generated model with other metadata. */
async function changedModel(spec: ModelSpec, changed: Metadata): Promise<string> {
  const layout = layoutOf(await readFile(await ensureModel(spec)));
  const path = join(folder, 'changed.gguf');
  // A key of a name of the same length that means nothing makes room for the new one.
  for (const { at, length } of layout.fields.filter(({ kind, of }) => kind === 'key' && of in changed))
    layout.bytes.fill('x', at, at + length);
  await writeFile(path, rebuilt(layout, changed));
  return path;
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

  it.skipIf(process.platform === 'win32')('is refused where it is a pipe that nobody writes to', async () => {
    const pipe = join(folder, 'pipe.gguf');
    execFileSync('mkfifo', [pipe]);
    expect(await failure(engine.load({ path: pipe }))).toMatchObject({ reason: 'model-missing' });
  });

  it.each<[string, Metadata, string]>([
    ['too many layers', { 'qwen3moe.block_count': u32(513) }, '513 layers'],
    ['too many experts', { 'qwen3moe.expert_count': u32(1025) }, '1025 experts'],
    ['more experts used than there are', { 'qwen3moe.expert_used_count': u32(17) }, '17 of 16 experts'],
    ['no expert used', { 'qwen3moe.expert_used_count': u32(0) }, '0 of 16 experts'],
    ['no context', { 'qwen3moe.context_length': u32(0) }, 'a context of 0 tokens'],
    ['an unknown gating function', { 'qwen3moe.expert_gating_func': u32(5) }, 'a gating function 5'],
    ['groups that do not divide the experts', { 'qwen3moe.expert_group_count': u32(3) }, '0 of 3 groups of 16 experts'],
    ['more layers to predict than layers', { 'qwen3moe.nextn_predict_layers': u32(5) }, 'it holds no layers'],
    ['routers without experts', { 'qwen3moe.expert_count': u32(0) }, '0 experts, but it has routers'],
    ['an unknown scaling of positions', { 'qwen3moe.rope.scaling.type': text('bogus') }, 'scaling positions'],
    ['a template nested 5,000 deep', template('{% if true %}'.repeat(5000)), 'nested more than 100 deep'],
    ['a template of a megabyte', template('x'.repeat(1_000_000)), '1000000 characters long'],
    ['a template of white space', template(' '.repeat(200_000)), '200000 characters of white space'],
  ])('is refused before llama.cpp sees it: %s', async (_, changed, why) => {
    const error = await failure(engine.load({ path: await changedModel(qwen3moe(), changed) }));
    expect(error.reason).toBe('model-invalid');
    expect(error.message).toContain(why);
  });

  it.each([
    ['I32', 26, 'blk.1.attn_q.weight'],
    ['I32', 26, 'blk.1.attn_norm.weight'],
    ['I32', 26, 'token_embd.weight'],
  ])('is refused where a tensor is stored as %s (%i): %s', async (name, type, tensor) => {
    const { bytes, fields } = layoutOf(await readFile(await ensureModel(qwen3moe())));
    bytes.writeUInt32LE(type, fields.find(({ kind, of }) => kind === 'tensorType' && of === tensor)!.at);
    const path = join(folder, 'typed.gguf');
    await writeFile(path, bytes);
    const error = await failure(engine.load({ path }));
    expect(error.reason).toBe('model-invalid');
    expect(error.message).toContain(`its tensor ${tensor} is stored as ${name}`);
  });

  it('ends the engine where that cannot be foreseen, which a sentence says, and is not loaded again by itself', async () => {
    const path = await changedModel(olmoe(), { 'olmoe.rope.dimension_count': u32(3) });
    const other = startEngine();
    try {
      const error = await failure(other.load({ path }));
      expect(error.reason).toBe('engine-crashed');
      expect(error.message).toContain(
        `The engine stopped while loading ${path}: llama.cpp gave up on an internal check`,
      );
      expect(error.message).toContain('GGML_ASSERT');
      expect(other.pid).toBeUndefined();
      expect(await failure(other.generate([ask('Hello')]))).toMatchObject({ reason: 'model-missing' });
      await other.load({ path: await ensureModel(qwen3moe()) });
    } finally {
      await other.dispose();
    }
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
