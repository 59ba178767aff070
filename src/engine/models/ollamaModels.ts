import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { modelOfFile } from './ggufFiles.js';
import type { KnownModel } from './knownModel.js';

/** A manifest names its layers by digest; the model's weights are one of them. */
const manifest = z.object({ layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })) });
const WEIGHTS = 'application/vnd.ollama.image.model';
const DIGEST = /^sha256:([0-9a-f]{64})$/;
const LARGEST_MANIFEST = 1 << 20;

/** registry, namespace, model, tag. */
const DEPTH = 4;

/** The models of an Ollama store: files named by their hash, which the manifests give names such as "qwen3:30b-a3b". */
export async function ollamaModels(folder: string): Promise<KnownModel[]> {
  const manifests = join(folder, 'manifests');
  const files = await filesBelow(manifests, DEPTH);
  const found = await Promise.all(files.map(async (file) => modelOf(folder, file, nameOf(relative(manifests, file)))));
  return found.filter((model) => model !== undefined);
}

async function modelOf(folder: string, file: string, name: string): Promise<KnownModel | undefined> {
  const digest = await weightsOf(file);
  if (digest === undefined) return undefined;
  const path = join(folder, 'blobs', `sha256-${digest}`);
  const [root, real] = await Promise.all([folder, path].map((each) => realpath(each).catch(() => '')));
  return root && real?.startsWith(`${root}${sep}`) ? modelOfFile(path, 'Ollama', name) : undefined;
}

/** The hex digest of the weights; undefined where the file is no manifest. */
async function weightsOf(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > LARGEST_MANIFEST) return undefined;
    const { layers } = manifest.parse(JSON.parse(text));
    return DIGEST.exec(layers.find(({ mediaType }) => mediaType === WEIGHTS)?.digest ?? '')?.[1];
  } catch {
    return undefined;
  }
}

/** "registry.ollama.ai/library/qwen3/30b" is "qwen3:30b" for Ollama's users. */
function nameOf(path: string): string {
  const parts = path.split(sep);
  const tag = parts.pop()!;
  const name = parts.join('/').replace(/^registry\.ollama\.ai\/(library\/)?/, '');
  return `${name}:${tag}`;
}

async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? filesBelow(path, depth - 1) : [];
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
