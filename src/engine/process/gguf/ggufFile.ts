import { Fault } from './fault.js';
import { FileReader } from './fileReader.js';
import { Metadata } from './metadata.js';
import { readTensorTable, type Tensor } from './tensorTable.js';

export interface GgufFile {
  path: string;
  size: number;
  metadata: Metadata;
  tensors: Tensor[];
}

const OLDEST = 2;
const NEWEST = 3;
const DEFAULT_ALIGNMENT = 32;
const WIDEST_ALIGNMENT = 1 << 20;

/**
 * Reads a GGUF's header (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) as strictly as llama.cpp does, and
 * no more than it: memory and time go with the number of tensors and tokens, whatever the file claims.
 * Throws Fault where something is wrong with it.
 */
export function readGguf(path: string): GgufFile {
  const reader = new FileReader(path);
  try {
    if (reader.text(4, 'latin1') !== 'GGUF') throw new Fault('it does not start with "GGUF"');
    const version = reader.u32();
    if (version < OLDEST || version > NEWEST)
      throw new Fault(`its format version ${version} is not one that llama.cpp reads (${OLDEST} or ${NEWEST})`);
    const tensorCount = reader.u64();
    const metadata = Metadata.read(reader, reader.u64());
    const tensors = readTensorTable(reader, tensorCount, alignmentOf(metadata));
    return { path, size: reader.size, metadata, tensors };
  } finally {
    reader.close();
  }
}

function alignmentOf(metadata: Metadata): number {
  const found = metadata.get('general.alignment');
  if (found === undefined) return DEFAULT_ALIGNMENT;
  const alignment = Number(found.value);
  if (
    found.type !== 'u32' ||
    !(alignment > 0 && alignment <= WIDEST_ALIGNMENT) ||
    !Number.isInteger(Math.log2(alignment))
  )
    throw new Fault('its alignment is not a power of two');
  return alignment;
}
