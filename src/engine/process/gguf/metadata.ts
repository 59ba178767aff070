import { Fault } from './fault.js';
import type { FileReader } from './fileReader.js';
import { printable } from './printable.js';

/** A list keeps its values only where they are numbers and few enough to be one for each layer. */
export interface MetadataList {
  type: ValueType;
  length: number;
  values: number[] | undefined;
}
export interface MetadataValue {
  type: ValueType | 'list';
  value: number | boolean | string | MetadataList;
}
export type ValueType = keyof typeof SIZES;

/** GGUF's value types in the order of their numbers, 9 being the list, with the bytes of those whose size is fixed. */
const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, bool: 1, text: 0, u64: 8, i64: 8, f64: 8 };
// prettier-ignore
const TYPES: readonly (ValueType | 'list')[] =
  ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'text', 'list', 'u64', 'i64', 'f64'];

// Bounds far beyond every model there is; llama.cpp compares each name with all before it and would take minutes.
export const MOST_ENTRIES = 1 << 15;
const MOST_STRINGS = 1 << 22;
const LONGEST_KEY = 65_535;
const LONGEST_TOKEN = 65_535;
const LONGEST_TEXT = 1 << 20;
const MOST_VALUES = 4096;

export const CHAT_TEMPLATE = 'tokenizer.chat_template';
const TOKENS = 'tokenizer.ggml.tokens';

/** A GGUF's metadata. Long lists, the vocabulary above all, are checked and passed over. */
export class Metadata {
  private constructor(private readonly values: ReadonlyMap<string, MetadataValue>) {}

  static read(reader: FileReader, count: number): Metadata {
    if (count > MOST_ENTRIES || count > reader.remaining)
      throw new Fault(`it claims to have ${count} entries of metadata`);
    const values = new Map<string, MetadataValue>();
    for (let i = 0; i < count; i++) {
      const key = readText(reader, `the name of its metadata entry ${i + 1}`, LONGEST_KEY);
      if (key === '') throw new Fault(`its metadata entry ${i + 1} has no name`);
      if (values.has(key)) throw new Fault(`its metadata has two entries "${printable(key)}"`);
      values.set(key, readValue(reader, key));
    }
    return new Metadata(values);
  }

  get(key: string): MetadataValue | undefined {
    return this.values.get(key);
  }

  text(key: string): string | undefined {
    const value = this.values.get(key)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  /** The numbers under a key: one, one for each layer, or none. */
  numbers(key: string): readonly number[] {
    const value = this.values.get(key)?.value;
    if (typeof value === 'number') return [value];
    return typeof value === 'object' ? (value.values ?? []) : [];
  }

  /** A non-negative whole number; of a list the largest; 0 where there is none. */
  count(key: string): number {
    const largest = this.numbers(key).reduce((one, other) => Math.max(one, other), 0);
    return Number.isFinite(largest) ? Math.floor(largest) : 0;
  }
}

function readValue(reader: FileReader, key: string): MetadataValue {
  const type = readType(reader, key);
  if (type === 'list') return { type, value: readList(reader, key) };
  if (type === 'text') return { type, value: readLongText(reader, key) };
  return { type, value: type === 'bool' ? reader.u8() !== 0 : reader[type]() };
}

function readType(reader: FileReader, key: string): ValueType | 'list' {
  const number = reader.u32();
  const type = TYPES[number];
  if (type === undefined)
    throw new Fault(`its metadata "${printable(key)}" has a type ${number}, which GGUF does not have`);
  return type;
}

function readList(reader: FileReader, key: string): MetadataList {
  const name = printable(key);
  const type = readType(reader, key);
  if (type === 'list') throw new Fault(`its metadata "${name}" is a list of lists`);
  const length = reader.u64();
  // A string has at least its length.
  if (length * (SIZES[type] || 8) > reader.remaining || (type === 'text' && length > MOST_STRINGS))
    throw new Fault(`its metadata "${name}" claims to have ${length} values; the download may be incomplete`);
  if (type === 'text') {
    if (key === TOKENS) readTokens(reader, length);
    else for (let i = 0; i < length; i++) reader.skip(reader.u64());
    return { type, length, values: undefined };
  }
  if (length > MOST_VALUES) {
    reader.skip(length * SIZES[type]);
    return { type, length, values: undefined };
  }
  return { type, length, values: Array.from({ length }, () => (type === 'bool' ? reader.u8() : reader[type]())) };
}

/** Some files carry another tool's whole vocabulary as one text: what is as long is passed over and reads as empty. */
function readLongText(reader: FileReader, key: string): string {
  const length = reader.u64();
  if (length <= LONGEST_TEXT) return reader.text(length, 'utf8');
  if (key === CHAT_TEMPLATE) throw new Fault(`its chat template claims to be ${length} bytes long`);
  reader.skip(length);
  return '';
}

/** llama.cpp ends its process over two tokens of one text. Empty ones get names of their own there. */
function readTokens(reader: FileReader, count: number): void {
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    const length = reader.u64();
    if (length > LONGEST_TOKEN) throw new Fault(`the text of its token ${i} claims to be ${length} bytes long`);
    const token = reader.text(length, 'latin1');
    if (token !== '' && seen.has(token)) throw new Fault(`its vocabulary has the token ${i} twice`);
    seen.add(token);
  }
}

/** @param what it is, for the sentence that refuses a text longer than `most` bytes */
export function readText(reader: FileReader, what: string, most: number): string {
  const length = reader.u64();
  if (length > most) throw new Fault(`${what} claims to be ${length} bytes long`);
  return reader.text(length, 'utf8');
}
