import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { offloadOf } from '../../../src/cli/options.js';
import { HumanError } from '../../../src/core/humanError.js';
import { downloadFolder, ollamaFolders } from '../../../src/engine/models/modelFolders.js';
import { MODEL } from '../engine/fakeDetection.js';
import { steermoe } from './commandLine.js';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steermoe-home-'));
  for (const name of ['HOME', 'USERPROFILE']) vi.stubEnv(name, home);
  for (const name of ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA', 'LLAMA_CACHE', 'HF_HOME', 'HF_HUB_CACHE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('OLLAMA_MODELS', join(home, '.ollama', 'models'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function put(folder: string, name: string, bytes: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), 'GGUF');
  await truncate(join(folder, name), bytes);
  return join(folder, name);
}

async function putOllama(name: string, tag: string, bytes: number): Promise<string> {
  const [store] = ollamaFolders({ home, platform: process.platform, env: process.env });
  const digest = 'ab'.repeat(32);
  const manifests = join(store!, 'manifests', 'registry.ollama.ai', 'library', name);
  await mkdir(manifests, { recursive: true });
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` }];
  await writeFile(join(manifests, tag), JSON.stringify({ layers }));
  return put(join(store!, 'blobs'), `sha256-${digest}`, bytes);
}

interface Listed {
  models: { name: string; origin: string; bytes: number; path: string; problem?: string; moeLayers?: number }[];
}

async function list(given: Parameters<typeof steermoe>[1] = {}): Promise<Listed['models']> {
  return (JSON.parse((await steermoe(['models', '--json'], given)).out) as Listed).models;
}

describe('models', () => {
  it('lists downloads and what other programs keep, split models once with all their parts', async () => {
    const own = join(downloadFolder(), 'someone', 'Big-GGUF');
    await put(own, 'Big-00001-of-00002.gguf', 3_000_000);
    await put(own, 'Big-00002-of-00002.gguf', 4_000_000);
    await put(join(home, '.lmstudio', 'models', 'a', 'b'), 'Small.gguf', 1_000_000);
    await put(join(home, '.lmstudio', 'models', 'a', 'b'), 'mmproj-Small.gguf', 1_000_000);
    const blob = await putOllama('qwen3', '30b-a3b', 2_000_000);
    const found = await list();
    expect(found.map(({ name, origin, bytes }) => [name, origin, bytes])).toEqual([
      ['Big', 'download', 7_000_000],
      ['Small', 'LM Studio', 1_000_000],
      ['qwen3:30b-a3b', 'Ollama', 2_000_000],
    ]);
    expect(found[2]!.path).toBe(blob);
    expect(found[0]).toMatchObject({ moeLayers: 2, experts: 4, expertsPerToken: 2, architecture: 'qwen3moe' });
    const { out } = await steermoe(['models']);
    expect(out).toMatch(/^name +origin +size +shape +path\n/);
    expect(out).toMatch(/^Big +download +7 MB +qwen3moe 2x4 top-2 +.*Big-00001-of-00002\.gguf$/m);
  });

  it('gives models of one name their origins', async () => {
    await put(join(home, '.lmstudio', 'models'), 'Same.gguf', 1_000_000);
    await put(downloadFolder(), 'Same.gguf', 1_000_000);
    expect((await list()).map(({ name }) => name)).toEqual(['download/Same', 'lm-studio/Same']);
  });

  it('says what cannot be used and goes on', async () => {
    const path = await put(downloadFolder(), 'Dense.gguf', 1_000_000);
    await put(downloadFolder(), 'Mixed.gguf', 1_000_000);
    const inspect = (file: string) =>
      file === path ? Promise.reject(new HumanError('model-dense', 'It is dense.', '')) : Promise.resolve(MODEL);
    expect(await list({ engine: { inspect } })).toMatchObject([
      { name: 'Dense', problem: 'It is dense.' },
      { name: 'Mixed', moeLayers: 2 },
    ]);
    expect((await steermoe(['models'], { engine: { inspect } })).out).toMatch(/^Dense .* dense .*Dense\.gguf$/m);
  });

  it('are what MODEL can name, whatever the case; others are a sentence', async () => {
    const path = await put(join(home, '.lmstudio', 'models'), 'Mine-Q4.gguf', 1_000_000);
    const { code, out } = await steermoe(['info', 'mine-q4', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { path: string }).path).toBe(path);
    const missing = await steermoe(['info', 'yours']);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toContain('no model of this computer has that name. See "steermoe models"');
  });
});

describe('info', () => {
  it('says what a model needs: weights, the cache that was asked for, the engine', async () => {
    const { out } = await steermoe(['info', 'demo', '--context', '2048']);
    // 3 blocks of 2.1 GB, 0.2 GB of embeddings; 2,048 tokens of 1 MB.
    expect(out).toMatch(/^memory +about 8\.6 GB: weights 6\.5 GB, cache of 2,048 tokens 2\.0 GB, the engine 0\.1 GB$/m);
    const { memory } = JSON.parse((await steermoe(['info', 'demo', '--json'])).out) as {
      memory: { weights: number; cells: number };
    };
    expect(memory).toMatchObject({ weights: 6.5e9, cells: 1024 });
  });

  it('warns plainly of what this computer does not have', async () => {
    const { code, err } = await steermoe(['info', 'demo', '--context', '100000000']);
    expect(code).toBe(0);
    expect(err).toMatch(/^steermoe: The model needs about \d+ GB, this computer has \d+(\.\d)? GB\.\n$/);
  });
});

describe('models catalog', () => {
  it('names MoE models with their needs, all of them as estimates', async () => {
    const { out } = await steermoe(['models', 'catalog']);
    expect(out).toMatch(/^Qwen3-30B-A3B +Q4_K_M +about 19 GB +about 20 GB.* Apache-2\.0 +hf:\S+$/m);
    const { models } = JSON.parse((await steermoe(['models', 'catalog', '--json'])).out) as {
      models: { uri: string; aboutBytes: number; aboutMemory: number }[];
    };
    expect(models.length).toBeGreaterThan(4);
    for (const { uri, aboutBytes, aboutMemory } of models) {
      expect(uri).toMatch(/^hf:[\w.-]+\/[\w.-]+(:\w+|\/[\w.-]+\.gguf)$/);
      expect(aboutMemory).toBeGreaterThan(aboutBytes);
    }
  });
});

describe('models get', () => {
  const state = { stage: 'downloading' as const, total: 4_000_000_000, bytesPerSecond: 11_000_000, secondsLeft: 240 };

  it('shows progress on stderr and prints where the model lies', async () => {
    const path = join(home, 'x.gguf');
    const ran = await steermoe(['models', 'get', 'hf:a/b:Q4', '--dir', home], {
      isTTY: true,
      download: (uri, { folder, onProgress }) => {
        expect({ uri, folder }).toEqual({ uri: 'hf:a/b:Q4', folder: home });
        onProgress?.({ ...state, done: 1_000_000_000 });
        return Promise.resolve({ path, bytes: 1000, hash: 'none' });
      },
    });
    expect(ran).toMatchObject({ code: 0, out: `${path}\n` });
    expect(ran.err).toContain('Downloading: 25 % of 4.0 GB · 11 MB/s · 4 min left');
    expect(ran.err).toContain('The server names no SHA-256, so none was checked.');
  });

  it('prints one JSON document, and fails with what the download says', async () => {
    const done = { path: '/x.gguf', bytes: 1000, hash: 'checked' as const };
    const { out } = await steermoe(['models', 'get', 'hf:a/b', '--json'], { download: () => Promise.resolve(done) });
    expect(JSON.parse(out)).toEqual(done);
    for (const [reason, code] of [
      ['disk-full', 3],
      ['model-missing', 1],
      ['cancelled', 130],
    ] as const) {
      const download = () => Promise.reject(new HumanError(reason, 'No.', 'Go on.'));
      expect(await steermoe(['models', 'get', 'hf:a/b'], { download })).toMatchObject({
        code,
        out: '',
        err: 'steermoe: No. Go on.\n',
      });
    }
  });

  it('says at once where what came is of no use', async () => {
    const dense = () => Promise.reject(new HumanError('model-dense', 'It is dense.', ''));
    const ran = await steermoe(['models', 'get', 'hf:a/b'], {
      download: () => Promise.resolve({ path: '/x.gguf', bytes: 1, hash: 'checked' }),
      engine: { inspect: dense },
    });
    expect(ran).toMatchObject({ code: 1, out: '', err: 'steermoe: It is dense.\n' });
  });
});

describe('layers on a GPU', () => {
  const machine = { gpu: 'auto' as const, threads: 0 };

  it('are what the options say', () => {
    expect(offloadOf(machine)).toEqual({ gpuLayers: 'auto', cpuMoeLayers: 0 });
    expect(offloadOf({ ...machine, gpuLayers: 12, nCpuMoe: 3 })).toEqual({ gpuLayers: 12, cpuMoeLayers: 3 });
    expect(offloadOf({ ...machine, cpuMoe: true }).cpuMoeLayers).toBeGreaterThan(10_000);
  });

  it('reach the engine', async () => {
    const load = vi.fn(() => Promise.resolve(MODEL));
    await steermoe(['chat', 'Hi', '--model', 'demo', '--gpu-layers', '5', '--n-cpu-moe', '2'], { engine: { load } });
    expect(load).toHaveBeenCalledWith(expect.objectContaining({ gpuLayers: 5, cpuMoeLayers: 2 }), expect.anything());
  });

  it.each([[['--gpu', 'cpu', '--gpu-layers', '3']], [['--cpu-moe', '--n-cpu-moe', '3']], [['--gpu-layers', 'some']]])(
    '%j is wrong usage',
    async (options) => {
      expect((await steermoe(['chat', 'Hi', '--model', 'demo', ...options])).code).toBe(2);
    },
  );
});
