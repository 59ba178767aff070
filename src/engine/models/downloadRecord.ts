import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../atomicFile.js';
import { downloadFolder } from './modelFolders.js';

/** What SteerMoE notes beside a model that it downloads: where it is from, and which version of it. */
const record = z.object({
  uri: z.string(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number(), version: z.string().nullable() })),
  complete: z.boolean(),
});

export type DownloadRecord = z.infer<typeof record>;

const ending = '.source.json';

/** How node-llama-cpp's downloader names a file that is not whole yet. */
export const PARTIAL = '.ipull';

/** Undefined where SteerMoE did not download the file. */
export async function readRecord(path: string): Promise<DownloadRecord | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(path + ending, 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeRecord(path: string, content: DownloadRecord): Promise<void> {
  await writeFileAtomic(path + ending, `${JSON.stringify(content, null, 2)}\n`);
}

/** Removes a model that SteerMoE downloaded, with all its parts. False where it did not. */
export async function removeDownload(path: string): Promise<boolean> {
  const found = await readRecord(path);
  if (!found) return false;
  for (const { name } of found.parts)
    for (const suffix of ['', PARTIAL])
      await rm(join(dirname(path), name.replace(/^.*[/\\]/, '')) + suffix, { force: true });
  await rm(path + ending, { force: true });
  return true;
}

/** Removes what came of a download that was not finished. */
export async function removeUnfinished(uri: string, folder = downloadFolder()): Promise<void> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  for (const file of files) {
    if (!file.endsWith(ending)) continue;
    const path = join(folder, file.slice(0, -ending.length));
    const found = await readRecord(path);
    if (found?.uri === uri && !found.complete) await removeDownload(path);
  }
}
