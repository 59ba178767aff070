import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HumanError } from '../../../core/humanError.js';
import { aboutFile } from './brokenModel.js';
import { Fault } from './fault.js';
import { type GgufFile, readGguf } from './ggufFile.js';
import { printable } from './printable.js';
import { requireGguf } from './requireGguf.js';

/** The name of a part, as llama.cpp's gguf-split writes it: name-00001-of-00003.gguf. */
const PART = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/;

/**
 * Reads a model's file, or all parts where it is split, first part first. The parts' names follow from the first one's
 * and lie in its folder: no path out of the file is used. Throws HumanError.
 */
export function readModelParts(path: string): GgufFile[] {
  const first = readPart(path);
  return aboutFile(path, () => {
    const parts = [first];
    const name = PART.exec(basename(path));
    const index = splitNumber(first, 'split.no');
    const count = splitNumber(first, 'split.count');
    if (index > 0) throw laterPart(path, index, name);
    if (count < 2) return parts;
    if (name === null || Number(name[2]) !== 1 || Number(name[3]) !== count)
      throw new Fault(
        `it is the first of ${count} parts, and the others are found by its name, which has to end in ${partName('', 1, count)}`,
      );
    const paths = Array.from({ length: count }, (_, i) => join(dirname(path), partName(name[1]!, i + 1, count)));
    const missing = paths.filter((part) => !existsSync(part));
    if (missing.length > 0) throw partsMissing(path, count, missing);
    for (const [i, part] of paths.entries()) if (i > 0) parts.push(readLaterPart(part, i, count));
    checkTogether(parts);
    return parts;
  });
}

function readPart(path: string): GgufFile {
  requireGguf(path);
  return aboutFile(path, () => readGguf(path));
}

function readLaterPart(path: string, index: number, count: number): GgufFile {
  const part = readPart(path);
  return aboutFile(path, () => {
    if (splitNumber(part, 'split.no') !== index || part.metadata.get('split.no') === undefined)
      throw new Fault(`its name says that it is part ${index + 1} of ${count}, but its metadata say another`);
    return part;
  });
}

/** llama.cpp counts parts in 16 bits and ends its process over another type. */
function splitNumber({ metadata }: GgufFile, key: string): number {
  const found = metadata.get(key);
  if (found !== undefined && found.type !== 'u16') throw new Fault(`its "${key}" is not a number of 16 bits`);
  return metadata.count(key);
}

function checkTogether(parts: readonly GgufFile[]): void {
  const names = new Set<string>();
  for (const { name } of parts.flatMap(({ tensors }) => tensors)) {
    if (names.has(name)) throw new Fault(`two of its ${parts.length} parts have a tensor ${printable(name)}`);
    names.add(name);
  }
  const expected = parts[0]!.metadata.count('split.tensors.count');
  if (names.size !== expected)
    throw new Fault(`its ${parts.length} parts have ${names.size} tensors together, and not ${expected}`);
}

const partName = (prefix: string, number: number, count: number): string =>
  `${prefix}-${String(number).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.gguf`;

function laterPart(path: string, index: number, name: RegExpExecArray | null): HumanError {
  const first = name === null ? undefined : partName(name[1]!, 1, Number(name[3]));
  return new HumanError(
    'model-invalid',
    `${path} is part ${index + 1} of a model${name === null ? '' : ` of ${Number(name[3])} parts`}.`,
    `Name ${first === undefined ? 'the first part' : join(dirname(path), first)}.`,
  );
}

function partsMissing(path: string, count: number, missing: readonly string[]): HumanError {
  const names = missing.slice(0, 3).map((part) => basename(part));
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
  return new HumanError(
    'model-missing',
    `${path} is the first of ${count} parts, and ${names.join(', ')}${more} ${missing.length === 1 ? 'is' : 'are'} not beside it.`,
    'Download all parts into one folder.',
  );
}
