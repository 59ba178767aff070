import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { KnownModel, Origin } from './knownModel.js';

const PART = /-(\d{5})-of-(\d{5})\.gguf$/i;

/** Deep enough for publisher/model/snapshot/file. */
const DEPTH = 6;

/** Projectors of images lie beside models and are none. */
const PROJECTOR = /^mmproj/i;

/**
 * Paths of the GGUF files below a folder, of split models the first part. Folders are not followed through links.
 * @param inside leave out files that are links to somewhere outside the folder
 */
export async function ggufFiles(folder: string, inside = false): Promise<string[]> {
  const paths = (await below(folder, DEPTH)).filter((path) => !isLaterPart(path) && !PROJECTOR.test(basename(path)));
  if (!inside) return paths;
  const root = await realpath(folder).catch(() => folder);
  const reals = await Promise.all(paths.map((path) => realpath(path).catch(() => '')));
  // Several names of one file, as in the snapshots of a hub's cache, count once.
  return paths.filter((_, i) => reals[i]!.startsWith(root + sep) && reals.indexOf(reals[i]!) === i);
}

export function isLaterPart(path: string): boolean {
  const part = PART.exec(path)?.[1];
  return part !== undefined && part !== '00001';
}

/** All parts of a split model in order, or the one file. */
export function partsOf(path: string): string[] {
  const count = Number(PART.exec(path)?.[2] ?? 1);
  if (count <= 1) return [path];
  return Array.from({ length: count }, (_, i) =>
    path.replace(PART, (_whole, _part, of: string) => `-${String(i + 1).padStart(5, '0')}-of-${of}.gguf`),
  );
}

/** The model of a file; undefined where the file is gone. Missing parts of a split model count as empty. */
export async function modelOfFile(path: string, origin: Origin, name = nameOf(path)): Promise<KnownModel | undefined> {
  const [first, ...rest] = await Promise.all(partsOf(path).map((part) => stat(part).catch(() => undefined)));
  if (!first?.isFile()) return undefined;
  const bytes = rest.reduce((sum, part) => sum + (part?.size ?? 0), first.size);
  return { name, path, bytes, modified: first.mtimeMs, origin };
}

function nameOf(path: string): string {
  return basename(path)
    .replace(PART, '')
    .replace(/\.gguf$/i, '');
}

async function below(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 && !entry.name.startsWith('.') ? below(path, depth - 1) : [];
    return /\.gguf$/i.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
