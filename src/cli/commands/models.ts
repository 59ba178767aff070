import { memoryWarning, gigabytes } from '../../core/memory/memoryWords.js';
import { downloadWords } from '../../core/memory/downloadWords.js';
import { needOnCpu } from '../../core/memory/modelMemory.js';
import type { ModelDescription } from '../../core/model.js';
import { catalogMemory, MODEL_CATALOG } from '../../core/models/modelCatalog.js';
import { computerMemory } from '../../engine/computerMemory.js';
import type { KnownModel } from '../../engine/models/knownModel.js';
import { EXIT } from '../exitCode.js';
import { knownModels } from '../findModel.js';
import { plainText } from '../show/plainText.js';
import { ProgressLine } from '../show/progressLine.js';
import { tableText } from '../show/tableText.js';
import type { Surroundings } from '../surroundings.js';

/** `steermoe models`: the GGUFs on this computer, with their shapes; what is broken or dense is listed as that. */
export async function models({ terminal, engine }: Surroundings, options: { json?: true }): Promise<number> {
  const known = await knownModels();
  const listed = [];
  for (const model of known) {
    const read: ModelDescription | Error = await engine('cpu')
      .inspect(model.path)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    listed.push({ model, read });
  }
  if (options.json) {
    terminal.out.write(`${JSON.stringify({ models: listed.map(({ model, read }) => json(model, read)) }, null, 2)}\n`);
    return EXIT.done;
  }
  const rows = listed.map(({ model, read }) => [
    plainText(model.name),
    model.origin,
    gigabytes(model.bytes),
    shapeOf(read),
    plainText(model.path),
  ]);
  terminal.out.write(tableText(['name', 'origin', 'size', 'shape', 'path'], rows));
  return EXIT.done;
}

function json({ name, origin, bytes, path }: KnownModel, read: ModelDescription | Error) {
  if (read instanceof Error) return { name, origin, bytes, path, problem: read.message };
  const { architecture, moeLayers, experts, expertsPerToken, quantization } = read;
  return {
    name,
    origin,
    bytes,
    path,
    architecture,
    moeLayers: moeLayers.length,
    experts,
    expertsPerToken,
    quantization,
  };
}

function shapeOf(read: ModelDescription | Error): string {
  if (read instanceof Error) return 'reason' in read && read.reason === 'model-dense' ? 'dense' : 'cannot be read';
  return `${plainText(read.architecture)} ${read.moeLayers.length}x${read.experts} top-${read.expertsPerToken}`;
}

/** `steermoe models catalog`: what is worth downloading, and what it needs. */
export async function modelsCatalog({ terminal }: Surroundings, options: { json?: true }): Promise<number> {
  const memory = await computerMemory();
  const entries = MODEL_CATALOG.map((entry) => ({ entry, need: catalogMemory(entry) }));
  if (options.json) {
    const list = entries.map(({ entry: { name, uri, quant, bytes, licence, shape }, need }) => {
      const [moeLayers, experts, expertsPerToken] = shape;
      return {
        name,
        uri,
        quant,
        aboutBytes: bytes,
        aboutMemory: need,
        licence,
        moeLayers,
        experts,
        expertsPerToken,
      };
    });
    terminal.out.write(`${JSON.stringify({ models: list, computerMemory: memory.total }, null, 2)}\n`);
    return EXIT.done;
  }
  const rows = entries.map(({ entry, need }) => [
    entry.name,
    entry.quant,
    `about ${gigabytes(entry.bytes)}`,
    `about ${gigabytes(need)}${need > memory.total ? ' (!)' : ''}`,
    entry.licence,
    entry.uri,
  ]);
  terminal.out.write(tableText(['name', 'quant', 'download', 'memory', 'licence', 'URI'], rows));
  terminal.out.write(`\n(!) This computer has ${gigabytes(memory.total)}. Get one with "steermoe models get URI".\n`);
  return EXIT.done;
}

/** `steermoe models get URI`: downloads a model, or goes on where an earlier download stopped. */
export async function modelsGet(
  { terminal, engine, signal, download }: Surroundings,
  uri: string,
  options: { dir?: string; json?: true },
): Promise<number> {
  const line = new ProgressLine(terminal.err);
  try {
    const done = await download(uri, {
      ...(options.dir !== undefined && { folder: options.dir }),
      signal,
      onProgress: (progress) => {
        line.show(`Downloading: ${downloadWords(progress)}`);
      },
    });
    line.clear();
    // What is no MoE model, or broken, is said here and not when it is first used.
    await engine('cpu').inspect(done.path);
    const { cpu: need } = needOnCpu(await engine('cpu').readMemory(done.path), 0);
    if (options.json) terminal.out.write(`${JSON.stringify(done, null, 2)}\n`);
    else terminal.out.write(`${plainText(done.path)}\n`);
    if (done.hash === 'none') terminal.err.write('steermoe: The server names no SHA-256, so none was checked.\n');
    const warning = memoryWarning(need, await computerMemory());
    if (warning !== undefined) terminal.err.write(`steermoe: The model ${warning}.\n`);
    return EXIT.done;
  } finally {
    line.end();
  }
}
