import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRecord } from '../../../src/engine/models/downloadRecord.js';
import { findModels } from '../../../src/engine/models/findModels.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steermoe-models-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function file(...place: string[]): Promise<string> {
  const path = join(home, ...place);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'GGUF');
  return path;
}

const found = async (folders: string[] = []) =>
  (await findModels(folders, { home, platform: 'linux', env: { OLLAMA_MODELS: join(home, 'none') } })).map(
    ({ name, origin }) => `${origin}: ${name}`,
  );

describe('the models of a computer', () => {
  it('are SteerMoE’s downloads, the named folders’ files and those of other programs, each once', async () => {
    await file('.local/share/steermoe/models/someone/A-GGUF/a.gguf');
    await file('mine/deep/b.gguf');
    await file('mine/c-00001-of-00002.gguf');
    await file('mine/c-00002-of-00002.gguf');
    await file('mine/mmproj-b.gguf');
    await file('mine/notes.txt');
    await file('.lmstudio/models/someone/d/d.gguf');
    expect(await found([join(home, 'mine'), join(home, 'mine/deep'), join(home, 'gone')])).toEqual([
      'download: a',
      'folder: c',
      'folder: b',
      'LM Studio: d',
    ]);
  });

  it('are told apart by their origin where they share a name', async () => {
    await file('mine/a.gguf');
    await file('.lmstudio/models/someone/a/a.gguf');
    expect(await found([join(home, 'mine')])).toEqual(['folder: folder/a', 'LM Studio: lm-studio/a']);
  });

  it('are not what a download brought and nobody checked yet', async () => {
    const path = await file('.local/share/steermoe/models/someone/A-GGUF/a.gguf');
    const record = { uri: 'hf:someone/A-GGUF:Q4_0', parts: [{ name: 'a.gguf', bytes: 4, version: null }] };
    await writeRecord(path, { ...record, complete: false });
    expect(await found()).toEqual([]);
    await writeRecord(path, { ...record, complete: true });
    expect(await found()).toEqual(['download: a']);
  });
});
