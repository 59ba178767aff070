import { Fault } from './fault.js';
import type { FileReader } from './fileReader.js';
import { MOST_ENTRIES, readText } from './metadata.js';
import { printable } from './printable.js';
import { TENSOR_TYPES } from './tensorTypes.js';

export interface Tensor {
  name: string;
  /** ggml's number of the type. */
  type: number;
  /** ggml's order: the contiguous dimension first. */
  shape: number[];
  elements: number;
  bytes: number;
  /** Where in the file its data start. */
  position: number;
}

const LONGEST_NAME = 63;
const MOST_DIMENSIONS = 4;

/** Beyond every file, and far below 2^53: numbers up to here are exact. */
const MOST_BYTES = 2 ** 48;

/** llama.cpp maps the file into memory and wants what it finds there to lie at multiples of this. */
const MAPPED_ALIGNMENT = 32;

/**
 * Reads the table of `count` tensors and checks that their data follow one another without gap or overlap, as
 * llama.cpp demands, and end within the file.
 */
export function readTensorTable(reader: FileReader, count: number, alignment: number): Tensor[] {
  if (count > MOST_ENTRIES || count > reader.remaining) throw new Fault(`it claims to have ${count} tensors`);
  const tensors: Tensor[] = [];
  const names = new Set<string>();
  let expected = 0;
  for (let i = 0; i < count; i++) {
    const { offset, ...tensor } = readTensor(reader, i);
    const name = printable(tensor.name);
    if (names.has(tensor.name)) throw new Fault(`it has two tensors ${name}`);
    names.add(tensor.name);
    if (offset !== expected)
      throw new Fault(`the data of its tensor ${name} start at byte ${offset} instead of ${expected}`);
    expected += padded(tensor.bytes, alignment);
    tensors.push({ ...tensor, position: offset });
  }
  if (count === 0) return tensors;
  const start = padded(reader.position, alignment);
  if (start % MAPPED_ALIGNMENT !== 0)
    throw new Fault(`its data start at byte ${start}, which is no multiple of ${MAPPED_ALIGNMENT}`);
  for (const tensor of tensors) {
    tensor.position += start;
    if (tensor.position + tensor.bytes > reader.size)
      throw new Fault(
        `the data of its tensor ${printable(tensor.name)} go on behind the end of the file; the download may be incomplete`,
      );
  }
  return tensors;
}

function readTensor(reader: FileReader, index: number): Omit<Tensor, 'position'> & { offset: number } {
  const name = readText(reader, `the name of its tensor ${index + 1}`, LONGEST_NAME);
  const shown = printable(name);
  if (name === '') throw new Fault(`its tensor ${index + 1} has no name`);
  const dimensions = reader.u32();
  if (dimensions > MOST_DIMENSIONS) throw new Fault(`its tensor ${shown} has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => reader.u64());
  const number = reader.u32();
  const type = TENSOR_TYPES.get(number);
  if (type === undefined)
    throw new Fault(`its tensor ${shown} is stored in a type ${number} that this llama.cpp does not have`);
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = (elements / type.block) * type.bytes;
  if (elements === 0 || bytes > MOST_BYTES)
    throw new Fault(`its tensor ${shown} claims to have ${shape.join(' x ')} values`);
  const row = shape[0] ?? 1;
  if (row % type.block !== 0)
    throw new Fault(`its tensor ${shown} has rows of ${row} values, but ${type.name} stores them by ${type.block}`);
  return { name, type: number, shape, elements, bytes, offset: reader.u64() };
}

const padded = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment;
