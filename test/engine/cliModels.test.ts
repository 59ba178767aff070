import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRecord } from '../../src/engine/models/downloadRecord.js';
import { FakeHub } from '../fixtures/hub/fakeHub.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { olmoeBench, qwen3moe } from '../fixtures/models/presets.js';
import { engines, start, until, type Ended } from './steermoeProcess.js';

/** 140 MB: enough of the downloader's pieces that some are whole when it is stopped. */
const LARGE = olmoeBench({ name: 'Memory OLMoE', layers: 8, embedding: 256, heads: 4, keyValueHeads: 4, seed: 31 });

let hub: FakeHub;
let folder: string;

beforeEach(async () => {
  hub = new FakeHub();
  await hub.start();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'steermoe-cli-models-')));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const name of ['HOME', 'USERPROFILE', 'XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, folder);
  for (const name of ['XDG_CACHE_HOME', 'LLAMA_CACHE', 'HF_HOME', 'HF_HUB_CACHE', 'OLLAMA_MODELS', 'HF_TOKEN'])
    vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
  await until(() => engines(folder).length === 0, 10);
  await rm(folder, { recursive: true, force: true });
});

async function offer(path: string, name: string): Promise<Buffer> {
  const content = await readFile(path);
  hub.files.set(`someone/Model-GGUF/${name}`, { content });
  return content;
}

const steermoe = (...args: string[]): Promise<Ended> => start(folder, args).ended;

describe('steermoe models', () => {
  it('gets a model, lists it beside the demo, and takes its name for a model', async () => {
    await offer(await ensureModel(qwen3moe()), 'Tiny-F16.gguf');
    const got = await steermoe('models', 'get', 'hf:someone/Model-GGUF/Tiny-F16.gguf', '--json');
    expect(got.code).toBe(0);
    const { path, hash } = JSON.parse(got.out) as { path: string; hash: string };
    expect(hash).toBe('checked');
    expect(path.startsWith(folder)).toBe(true);
    const listed = await steermoe('models', '--json');
    expect((JSON.parse(listed.out) as { models: unknown[] }).models).toMatchObject([
      { name: 'demo', origin: 'demo', architecture: 'qwen3moe' },
      { name: 'Tiny-F16', origin: 'download', path, architecture: 'qwen3moe' },
    ]);
    const chat = await steermoe('chat', 'Hi', '--model', 'tiny-f16', '--max-tokens', '3', '--gpu', 'cpu', '--json');
    expect(chat.code).toBe(0);
  });

  it.skipIf(process.platform === 'win32')('keeps what came at Ctrl+C, and goes on from there', async () => {
    const content = await offer(await ensureModel(LARGE), 'Large-Q8_0.gguf');
    hub.slowness = 5;
    const args = ['models', 'get', 'hf:someone/Model-GGUF/Large-Q8_0.gguf', '--dir', folder];
    const { child, ended } = start(folder, args);
    await until(() => hub.sent > 60_000_000);
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped).toMatchObject({ code: 130, out: '' });
    expect(stopped.err).toContain('The download was stopped; what came is kept. Start it again to go on.');
    hub.slowness = 0;
    hub.sent = 0;
    const { code, out } = await steermoe(...args);
    expect(code).toBe(0);
    expect((await readFile(out.trim())).equals(content)).toBe(true);
    expect(hub.sent).toBeLessThan(content.length - 5_000_000);
    expect(await readRecord(out.trim())).toMatchObject({ complete: true });
  });
});
