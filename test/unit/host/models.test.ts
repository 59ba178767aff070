import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { ModelMemory } from '../../../src/core/memory/modelMemory.js';
import { MODEL_CATALOG } from '../../../src/core/models/modelCatalog.js';
import type { DownloadOptions } from '../../../src/engine/models/downloadModel.js';
import { removeUnfinished, writeRecord } from '../../../src/engine/models/downloadRecord.js';
import { reportText, type ReportedEngine } from '../../../src/host/life/reportText.js';
import { catalogWords, downloadRowWords } from '../../../src/host/models/catalogWords.js';
import { ModelDownloads } from '../../../src/host/models/modelDownloads.js';
import { modelDetails, modelWords } from '../../../src/host/models/modelWords.js';
import type { Downloaded } from '../../../src/protocol/download.js';
import { MODEL } from '../engine/fakeDetection.js';
import { FakeMemory } from './fakeMemory.js';

/** 12 GB of weights, and 100 kB a token. */
const MEMORY: ModelMemory = {
  blocks: [{ experts: 11e9, rest: 0.8e9, cell: 100e3, lane: 0 }],
  input: 0.1e9,
  output: 0.1e9,
  tied: false,
  embedding: 64,
  vocabulary: 1000,
  expertsPerToken: 2,
  trainedContext: 32768,
  cacheALane: false,
};

describe('words of models', () => {
  const inspection = { description: MODEL, memory: MEMORY };

  it('say what a model needs where this computer does not have it, and whose it is', () => {
    const file = { bytes: 12e9, origin: 'LM Studio' as const };
    expect(modelWords(inspection, file, { context: 20480, total: 8e9 })).toBe(
      'qwen3moe 2x4 top-2 · 12.0 GB · needs about 14 GB, this computer has 8.0 GB · LM Studio',
    );
    expect(modelWords(inspection, file, { context: 20480, total: 16e9 })).toBe(
      'qwen3moe 2x4 top-2 · 12.0 GB · LM Studio',
    );
    expect(modelWords(undefined, { bytes: 12e9, origin: 'download' }, { context: 0, total: 8e9 })).toBe(
      '12.0 GB · downloaded',
    );
    expect(modelDetails('/x.gguf', inspection, 20480).join()).toContain('Needs about 14 GB of memory on the processor');
  });

  it('say what a model of the catalogue needs before it is downloaded', () => {
    const olmoe = MODEL_CATALOG.find(({ name }) => name.startsWith('OLMoE'))!;
    expect(catalogWords(olmoe, 16e9)).toEqual({
      description: 'Q4_K_M · about 4.2 GB · Apache-2.0',
      detail: '16x64 experts, top-8 · needs about 5.7 GB of memory',
    });
    expect(catalogWords(olmoe, 4e9).detail).toMatch(/needs about 5\.7 GB of memory, this computer has 4\.0 GB$/);
  });

  it('say in the engine report what fell back, and what is on the GPU', () => {
    const report = (more: Partial<ReportedEngine>): string =>
      reportText({
        version: '1',
        vscode: '1',
        platform: 'x',
        trust: true,
        failure: null,
        report: {
          versions: { node: '20', nodeLlamaCpp: '3', llamaCpp: 'b1', tap: '1' },
          backend: 'cpu',
          devices: ['CPU'],
          gpuMemory: null,
          offload: { gpuLayers: 0, cpuMoeLayers: 0 },
          threads: 2,
          memory: { residentBytes: 1, modelBytes: 1, contextCells: 1 },
          model: null,
          fallback: null,
          ...more,
        },
      });
    expect(report({ fallback: 'Vulkan crashed.' })).toContain(
      '- backend: cpu\n- devices: CPU\n- fallback: Vulkan crashed.\n',
    );
    expect(report({})).not.toMatch(/fallback|GPU/);
    const onGpu = report({
      backend: 'cuda',
      gpuMemory: { total: 8e9, free: 5e9 },
      offload: { gpuLayers: 17, cpuMoeLayers: 4 },
    });
    expect(onGpu).toContain('- memory of the GPU: 8.0 GB, 5.0 GB of it free\n');
    expect(onGpu).toContain('- on the GPU: 17 layers, without the experts of the first 4\n');
  });
});

describe('downloads', () => {
  const URI = 'hf:a/Model-GGUF:Q4_K_M';
  const DONE: Downloaded = { path: '/x.gguf', bytes: 1, hash: 'checked' };
  const cancelled = new HumanError('cancelled', 'Stopped.', '');

  /** A download that the test ends. */
  function held() {
    let options: DownloadOptions = {};
    let end: ((done: Downloaded) => void) | undefined;
    const fetchModel = (_uri: string, given: DownloadOptions): Promise<Downloaded> => {
      options = given;
      return new Promise((resolve, reject) => {
        end = resolve;
        given.signal?.addEventListener('abort', () => {
          reject(cancelled);
        });
      });
    };
    return {
      fetchModel,
      begun: () => end !== undefined,
      end: () => {
        end?.(DONE);
      },
      progress: (done: number) =>
        options.onProgress?.({ stage: 'downloading', done, total: 4e9, bytesPerSecond: 10e6, secondsLeft: 300 }),
    };
  }

  it('show how far they are, and leave the list when they are done', async () => {
    const { fetchModel, begun, end, progress } = held();
    const downloads = new ModelDownloads(new FakeMemory(), fetchModel);
    const done = downloads.start(URI);
    await expect.poll(begun).toBe(true);
    expect(downloads.all()[0]).toMatchObject({ name: 'Model-GGUF:Q4_K_M', running: true });
    progress(1e9);
    expect(downloads.all().map(downloadRowWords)).toEqual(['25 % of 4.0 GB · 10 MB/s · 5 min left']);
    expect(await downloads.start(URI)).toBeUndefined();
    end();
    expect(await done).toEqual(DONE);
    expect(downloads.all()).toEqual([]);
  });

  it('that are stopped stay, and go on in another window', async () => {
    const memory = new FakeMemory();
    const first = held();
    const downloads = new ModelDownloads(memory, first.fetchModel);
    const stopped = downloads.start(URI);
    await expect.poll(first.begun).toBe(true);
    downloads.stop(URI);
    expect(await stopped).toBeUndefined();
    expect(downloads.all().map(downloadRowWords)).toEqual(['download stopped']);
    const second = held();
    const later = new ModelDownloads(memory, second.fetchModel);
    expect(later.all()).toMatchObject([{ uri: URI, running: false }]);
    const done = later.start(URI);
    await expect.poll(second.begun).toBe(true);
    second.end();
    await done;
    expect(new ModelDownloads(memory, second.fetchModel).all()).toEqual([]);
  });

  it('that fail say why in their row', async () => {
    const fetchModel = () => Promise.reject(new HumanError('disk-full', 'The disk is full.', ''));
    const downloads = new ModelDownloads(new FakeMemory(), fetchModel);
    await expect(downloads.start(URI)).rejects.toThrow('The disk is full.');
    expect(downloads.all().map(downloadRowWords)).toEqual(['download failed: The disk is full.']);
    await downloads.forget(URI);
    expect(downloads.all()).toEqual([]);
  });

  it('that are deleted unfinished take their partial files along, and no other file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'steermoe-unfinished-'));
    try {
      const place = join(folder, 'a', 'Model-GGUF');
      await mkdir(place, { recursive: true });
      const record = (name: string, complete: boolean, uri = URI) =>
        writeRecord(join(place, name), { uri, complete, parts: [{ name, bytes: 1, version: null }] });
      await record('Half.gguf', false);
      await record('Whole.gguf', true);
      await record('Other.gguf', false, 'hf:a/Other');
      for (const name of ['Half.gguf.ipull', 'Whole.gguf', 'Other.gguf.ipull']) await writeFile(join(place, name), 'x');
      await removeUnfinished(URI, folder);
      expect((await readdir(place)).sort()).toEqual([
        'Other.gguf.ipull',
        'Other.gguf.source.json',
        'Whole.gguf',
        'Whole.gguf.source.json',
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
