import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HumanError } from '../../src/core/humanError.js';
import { readRecord, removeDownload } from '../../src/engine/models/downloadRecord.js';
import { downloadModel, type DownloadOptions } from '../../src/engine/models/downloadModel.js';
import type { Downloaded, DownloadProgress } from '../../src/protocol/download.js';
import { FakeHub } from '../fixtures/hub/fakeHub.js';
import { ENGINE } from './engineUnderTest.js';

// Several of the pieces that the downloader fetches one by one (5 MB).
const CONTENT = randomBytes(23_000_000);
const NAME = 'Model-Q4_K_M.gguf';

let hub: FakeHub;
let folder: string;
const progress: DownloadProgress[] = [];

beforeEach(async () => {
  hub = new FakeHub();
  await hub.start();
  hub.files.set(`someone/Model-GGUF/${NAME}`, { content: CONTENT });
  hub.quants.set('someone/Model-GGUF:Q4_K_M', NAME);
  folder = await mkdtemp(join(tmpdir(), 'steermoe-download-'));
  process.env['HF_ENDPOINT'] = hub.url;
  process.env['HF_TOKEN'] = 'hf_of_the_user';
  progress.length = 0;
});

afterEach(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
  delete process.env['HF_ENDPOINT'];
  delete process.env['HF_TOKEN'];
});

const PATH = () => join(folder, 'someone', 'Model-GGUF', NAME);

function get(uri = 'hf:someone/Model-GGUF:Q4_K_M', options: DownloadOptions = {}): Promise<Downloaded> {
  return downloadModel(uri, { folder, enginePath: ENGINE, onProgress: (now) => progress.push(now), ...options });
}

async function failure(work: Promise<unknown>): Promise<HumanError> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as HumanError,
  );
}

describe('a download', () => {
  it('by quantisation brings the file into a folder of its publisher, with its hash checked', async () => {
    const { path, bytes, hash } = await get();
    expect({ path, bytes, hash }).toEqual({ path: PATH(), bytes: CONTENT.length, hash: 'checked' });
    expect((await readFile(path)).equals(CONTENT)).toBe(true);
    expect(progress.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['asking', 'downloading', 'checking']) as unknown,
    );
    const fractions = progress.filter(({ stage }) => stage === 'downloading').map(({ done }) => done);
    expect(fractions).toEqual([...fractions].sort((one, other) => one - other));
    expect(fractions.at(-1)).toBe(CONTENT.length);
    expect(await readRecord(path)).toMatchObject({ uri: 'hf:someone/Model-GGUF:Q4_K_M', complete: true });
  });

  it('sends the token to the hub, and to nobody else', async () => {
    await get();
    const token = 'Bearer hf_of_the_user';
    expect(hub.asked.some((request) => request.at === 'hub' && request.token === token)).toBe(true);
    expect(hub.asked.filter((request) => request.at === 'store' && request.token !== undefined)).toEqual([]);
  });

  it.each([
    ['a file of the hub', () => `hf:someone/Model-GGUF/${NAME}`],
    ['the page of a file', () => `${hub.url}/someone/Model-GGUF/blob/main/${NAME}`],
    ['an address of the hub', () => `${hub.url}/someone/Model-GGUF/resolve/main/${NAME}?download=true`],
  ])('by %s is the same', async (_what, uri) => {
    expect((await get(uri())).path).toBe(PATH());
  });

  it('from any other server goes by its address, and says that no hash was offered', async () => {
    const { path, hash } = await get(`${hub.storeUrl}/someone/Model-GGUF/${NAME}`);
    expect(hash).toBe('none');
    expect(path).toBe(join(folder, '127.0.0.1', NAME));
    expect((await readFile(path)).equals(CONTENT)).toBe(true);
  });

  it('survives connections that break in the middle', async () => {
    hub.breakAfter = 1_000_000;
    hub.breaks = 3;
    expect((await get()).hash).toBe('checked');
    expect(hub.breaks).toBe(0);
    expect((await readFile(PATH())).equals(CONTENT)).toBe(true);
  });

  it('that is stopped keeps what came, and the next one goes on from there', async () => {
    // A piece that did not come whole is fetched again: of so many, some are whole whatever the number of connections.
    const large = randomBytes(60_000_000);
    hub.files.set(`someone/Model-GGUF/${NAME}`, { content: large });
    hub.slowness = 5;
    const stop = new AbortController();
    const error = await failure(
      get(undefined, {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done > 40_000_000) stop.abort();
        },
      }),
    );
    expect(error).toMatchObject({ reason: 'cancelled', message: 'The download was stopped; what came is kept.' });
    expect(existsSync(PATH())).toBe(false);
    expect((await readdir(join(folder, 'someone', 'Model-GGUF'))).some((name) => name.startsWith(NAME))).toBe(true);
    hub.slowness = 0;
    hub.sent = 0;
    await get();
    expect((await readFile(PATH())).equals(large)).toBe(true);
    expect(hub.sent).toBeLessThan(large.length - 5_000_000);
  });

  it('of what is there already brings nothing anew', async () => {
    await get();
    hub.sent = 0;
    expect((await get()).path).toBe(PATH());
    expect(hub.sent).toBe(0);
  });

  it('of a file that was changed on the hub begins anew', async () => {
    await get();
    const changed = randomBytes(CONTENT.length);
    hub.files.set(`someone/Model-GGUF/${NAME}`, { content: changed });
    await get();
    expect((await readFile(PATH())).equals(changed)).toBe(true);
  });

  it('of a split model brings all parts', async () => {
    const parts = [1, 2, 3].map((part) => `Big-0000${part}-of-00003.gguf`);
    for (const part of parts) hub.files.set(`someone/Big-GGUF/Q8_0/${part}`, { content: randomBytes(300_000) });
    hub.quants.set('someone/Big-GGUF:Q8_0', `Q8_0/${parts[0]!}`);
    const { path, bytes, hash } = await get('hf:someone/Big-GGUF:Q8_0');
    expect({ bytes, hash }).toEqual({ bytes: 900_000, hash: 'checked' });
    expect(path.endsWith(parts[0]!)).toBe(true);
    expect((await readdir(join(path, '..'))).filter((name) => name.endsWith('.gguf'))).toEqual(parts);
    expect(await removeDownload(path)).toBe(true);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });
});

describe('a download that cannot be', () => {
  it('is a sentence where the hash is wrong, and the file is gone', async () => {
    hub.files.set(`someone/Model-GGUF/${NAME}`, { content: CONTENT, sha256: 'ab'.repeat(32) });
    const error = await failure(get());
    expect(error.reason).toBe('download-failed');
    expect(error.message).toContain('its SHA-256 is not the one that the server names. It was removed.');
    expect(existsSync(PATH())).toBe(false);
  });

  it('is refused before a byte is fetched where the disk has no room', async () => {
    hub.files.set(`someone/Model-GGUF/${NAME}`, { content: CONTENT, pretends: 1e15 });
    const error = await failure(get());
    expect(error.reason).toBe('disk-full');
    expect(error.message).toMatch(/^The download needs 1000000 GB, and the disk of .* has [\d.]+ [GM]B free\.$/);
    expect(hub.asked.filter(({ line }) => line.startsWith('GET /someone'))).toEqual([]);
  });

  it.each([
    [404, 'model-missing', 'does not exist'],
    [401, 'download-failed', 'not open to everybody (HTTP 401)'],
    [403, 'download-failed', 'not open to everybody (HTTP 403)'],
    [503, 'download-failed', 'The server refuses'],
  ])('is a sentence for HTTP %i', async (status, reason, words) => {
    hub.files.set(`someone/Model-GGUF/${NAME}`, { content: CONTENT, status });
    const error = await failure(get());
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(words);
    if (status === 401) expect(error.next).toContain('HF_TOKEN');
  });

  it.each([
    ['hf:someone/Model-GGUF:Q9_X', 'The quantisation Q9_X of someone/Model-GGUF does not exist'],
    ['hf:someone', 'it is not of the form'],
    ['hf:../../etc:Q4', 'it is not of the form'],
    ['hf:someone/Model-GGUF/notes.txt', 'it names no .gguf file'],
    ['ftp://example.org/model.gguf', 'only http and https are read'],
    ['model', 'it is neither of the form'],
    ['hf:someone/Big-GGUF/Big-00002-of-00003.gguf', 'it names a later part of a split model'],
  ])('is a sentence for %s', async (uri, words) => {
    const error = await failure(get(uri));
    expect(error.message).toContain(words);
    expect(error.reason).toBe('model-missing');
  });

  it('is a sentence where nobody answers', async () => {
    process.env['HF_ENDPOINT'] = 'http://127.0.0.1:9';
    const error = await failure(get());
    expect(error).toMatchObject({ reason: 'download-failed' });
    expect(error.message).toMatch(/127\.0\.0\.1:9 cannot be reached/);
  });

  it('ends where no data come any more, keeps what came, and goes on later', async () => {
    hub.stallAfter = 2_000_000;
    const error = await failure(get(undefined, { stallSeconds: 1 }));
    expect(error).toMatchObject({
      reason: 'download-failed',
      message: 'No data came for 1 seconds, so the download was stopped.',
    });
    hub.stallAfter = Infinity;
    await get();
    expect((await stat(PATH())).size).toBe(CONTENT.length);
  });
});
