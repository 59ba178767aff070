import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelDownloader } from 'node-llama-cpp';
import { HumanError } from '../../../core/humanError.js';
import { gigabytes } from '../../../core/memory/memoryWords.js';
import type { Downloaded, DownloadParams, DownloadProgress } from '../../../protocol/download.js';
import { writeFailure } from '../../atomicFile.js';
import { PARTIAL, readRecord, writeRecord } from '../../models/downloadRecord.js';
import { findSource, type Source, type SourcePart } from './source.js';
import { TransferPace } from './transferPace.js';
import { untilStalled } from './untilStalled.js';

/** Between two reports, in milliseconds. */
const REPORT_EVERY = 100;

/** What the protocol says of a download. */
export async function download(
  { uri, folder, stallSeconds }: DownloadParams,
  signal: AbortSignal,
  tell: (progress: DownloadProgress) => void,
): Promise<Downloaded> {
  const report = atMostEvery(REPORT_EVERY, tell);
  report({ stage: 'asking', done: 0, total: 0, bytesPerSecond: 0, secondsLeft: null });
  try {
    const source = await findSource(uri, signal);
    const place = join(folder, ...source.place);
    await mkdir(place, { recursive: true });
    await dropOtherVersion(place, source);
    await requireRoom(place, source);
    const path = join(place, source.parts[0]!.name);
    await writeRecord(path, { uri, parts: source.parts.map(versionOf), complete: false });
    await fetchParts(place, source, stallSeconds, signal, report);
    const hash = await check(place, source, signal, report);
    await writeRecord(path, { uri, parts: source.parts.map(versionOf), complete: true });
    return { path, bytes: total(source), hash };
  } catch (error) {
    throw asHuman(error, signal, folder);
  }
}

function versionOf({ name, bytes, version }: SourcePart) {
  return { name, bytes, version: version ?? null };
}

function total({ parts }: Source): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What came of a file that has changed since would spoil the new one. */
async function dropOtherVersion(place: string, source: Source): Promise<void> {
  const first = join(place, source.parts[0]!.name);
  const record = await readRecord(first);
  if (!record || JSON.stringify(record.parts) === JSON.stringify(source.parts.map(versionOf))) return;
  for (const { name } of source.parts)
    for (const ending of record.complete ? [PARTIAL, ''] : [PARTIAL])
      await rm(join(place, name + ending), { force: true });
}

/** Fails with disk-full before a byte is downloaded. */
async function requireRoom(place: string, source: Source): Promise<void> {
  let there = 0;
  for (const { name } of source.parts)
    for (const path of [join(place, name), join(place, name + PARTIAL)])
      // A partial file has holes: its blocks say what of it is there.
      there += await stat(path).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      );
  const needed = total(source) - there;
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new HumanError(
    'disk-full',
    `The download needs ${gigabytes(needed)}, and the disk of ${place} has ${gigabytes(free)} free.`,
    'Make room, or choose another folder.',
  );
}

/** The downloader of node-llama-cpp: several connections, tries again after a broken one, goes on where it was. */
async function fetchParts(
  place: string,
  source: Source,
  stallSeconds: number,
  signal: AbortSignal,
  report: (progress: DownloadProgress) => void,
): Promise<void> {
  const stop = new AbortController();
  signal.addEventListener('abort', () => {
    stop.abort(signal.reason);
  });
  const stalled = untilStalled(stallSeconds, stop.signal);
  // A write that fails outside of what the downloader waits for, as on a disk that fills up, must not go unheard.
  const failed = new Promise<never>((_resolve, reject) => {
    process.once('unhandledRejection', reject);
    stop.signal.addEventListener('abort', () => process.off('unhandledRejection', reject));
  });
  const pace = new TransferPace();
  const work = async (): Promise<void> => {
    const downloader = await createModelDownloader({
      modelUri: source.parts[0]!.url,
      dirPath: place,
      fileName: source.parts[0]!.name,
      deleteTempFileOnCancel: false,
      parallelDownloads: 2,
      onProgress: ({ downloadedSize: done, totalSize: total }) => {
        stalled.moved(done);
        // The downloader's own speed begins ten times too low: it counts seconds in which it had not begun.
        report({ stage: 'downloading', done, total, ...pace.of(done, total) });
      },
    });
    await downloader.download({ signal: stop.signal });
    // A downloader that was stopped ends as if it were done.
    signal.throwIfAborted();
  };
  const working = work();
  working.catch(() => undefined);
  try {
    await Promise.race([working, stalled.failure, failed]);
  } finally {
    stop.abort();
  }
}

/** Sizes and hashes; a file that is not what the server named is removed. */
async function check(
  place: string,
  source: Source,
  signal: AbortSignal,
  report: (progress: DownloadProgress) => void,
): Promise<Downloaded['hash']> {
  let done = 0;
  for (const part of source.parts) {
    const path = join(place, part.name);
    const size = await stat(path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (part.bytes > 0 && size !== part.bytes)
      throw await spoiled(path, `it has ${size} bytes instead of ${part.bytes}`);
    if (part.sha256 === undefined) continue;
    const hash = createHash('sha256');
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(piece as Buffer);
      done += (piece as Buffer).length;
      report({ stage: 'checking', done, total: total(source), bytesPerSecond: 0, secondsLeft: null });
    }
    if (hash.digest('hex') !== part.sha256)
      throw await spoiled(path, 'its SHA-256 is not the one that the server names');
  }
  return source.parts.every(({ sha256 }) => sha256 !== undefined) ? 'checked' : 'none';
}

async function spoiled(path: string, why: string): Promise<HumanError> {
  await rm(path, { force: true });
  return new HumanError('download-failed', `${path} came spoiled: ${why}. It was removed.`, 'Download it again.');
}

function atMostEvery(interval: number, tell: (progress: DownloadProgress) => void): typeof tell {
  let at = -Infinity;
  let last: DownloadProgress | undefined;
  return (progress) => {
    const now = performance.now();
    const soon = now - at < interval && progress.done < progress.total;
    if (progress.stage === last?.stage && (soon || progress.done === last.done)) return;
    last = progress;
    at = now;
    tell(progress);
  };
}

function asHuman(error: unknown, signal: AbortSignal, folder: string): unknown {
  if (error instanceof HumanError) return error;
  if (signal.aborted)
    return new HumanError('cancelled', 'The download was stopped; what came is kept.', 'Start it again to go on.');
  const { code, message, statusCode } = error as NodeJS.ErrnoException & { statusCode?: number };
  if (code === 'ENOSPC')
    return new HumanError('disk-full', `The disk of ${folder} is full.`, 'Make room and start it again to go on.');
  if (code !== undefined && /^E(ACCES|PERM|ROFS|DQUOT|ISDIR|NOTDIR)$/.test(code)) return writeFailure(folder, error);
  const why = statusCode === undefined ? message : `HTTP ${statusCode}`;
  return new HumanError('download-failed', `The download failed: ${why}.`, 'Start it again; what came is kept.');
}
