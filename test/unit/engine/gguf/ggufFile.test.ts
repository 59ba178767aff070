import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../../src/engine/process/gguf/fault.js';
import { type GgufFile, readGguf } from '../../../../src/engine/process/gguf/ggufFile.js';
import { hex, MAGIC, padded, text, u32, u64 } from './bytes.js';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-'));
  path = join(folder, 'x.gguf');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Buffer): Promise<GgufFile> {
  await writeFile(path, bytes);
  return readGguf(path);
}

async function fault(bytes: Buffer): Promise<string> {
  await writeFile(path, bytes);
  try {
    readGguf(path);
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  throw new Error('It was read.');
}

const counts = (tensors: number | bigint, entries: number | bigint): string =>
  MAGIC + u32(3) + u64(tensors) + u64(entries);
const oneEntry = (...value: string[]): Buffer => hex(counts(0, 1), text('k'), ...value);
const tensor = (name: string, shape: (number | bigint)[], type: number, offset: number | bigint): string =>
  text(name) + u32(shape.length) + shape.map(u64).join('') + u32(type) + u64(offset);

describe('a GGUF header', () => {
  it('is read byte by byte as the specification has it', async () => {
    const file = await read(
      padded(
        hex(
          '47 47 55 46  03 00 00 00  02 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00',
          // "a" is a u8, 200
          '01 00 00 00 00 00 00 00 61  00 00 00 00  c8',
          // "b" is the text "é"
          '01 00 00 00 00 00 00 00 62  08 00 00 00  02 00 00 00 00 00 00 00 c3 a9',
          // "c" is a list of two i32, -1 and 2
          '01 00 00 00 00 00 00 00 63  09 00 00 00  05 00 00 00  02 00 00 00 00 00 00 00  ff ff ff ff 02 00 00 00',
          // "d" is a f32, 0.5
          '01 00 00 00 00 00 00 00 64  06 00 00 00  00 00 00 3f',
          // "t": 3 x 2 of F32 at 0; 24 bytes, and 8 of padding
          '01 00 00 00 00 00 00 00 74  02 00 00 00  03 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00  00 00 00 00  00 00 00 00 00 00 00 00',
          // "u": 64 of Q8_0 at 32; two blocks of 34 bytes
          '01 00 00 00 00 00 00 00 75  01 00 00 00  40 00 00 00 00 00 00 00  08 00 00 00  20 00 00 00 00 00 00 00',
        ),
        32 + 68,
      ),
    );
    expect(['a', 'b', 'c', 'd', 'e'].map((key) => file.metadata.get(key))).toEqual([
      { type: 'u8', value: 200 },
      { type: 'text', value: 'é' },
      { type: 'list', value: { type: 'i32', length: 2, values: [-1, 2] } },
      { type: 'f32', value: 0.5 },
      undefined,
    ]);
    // 24 + 14 + 23 + 33 + 17 + 41 + 33 bytes of header, then the next multiple of 32
    expect(file.tensors).toEqual([
      { name: 't', type: 0, shape: [3, 2], elements: 6, bytes: 24, position: 192 },
      { name: 'u', type: 8, shape: [64], elements: 64, bytes: 68, position: 224 },
    ]);
    expect(file.size).toBe(292);
  });

  it.each([
    ['u16', 2, '34 12', 0x1234],
    ['i8', 1, 'fe', -2],
    ['i16', 3, '00 80', -32768],
    ['u32', 4, 'ff ff ff ff', 4294967295],
    ['bool', 7, '01', true],
    ['u64', 10, '00 00 00 00 01 00 00 00', 4294967296],
    ['i64', 11, 'fd ff ff ff ff ff ff ff', -3],
    ['f64', 12, '00 00 00 00 00 00 f8 3f', 1.5],
  ])('holds values of type %s', async (type, number, bytes, value) => {
    const { metadata } = await read(oneEntry(u32(number), bytes));
    expect(metadata.get('k')).toEqual({ type, value });
  });

  it('passes over a long vocabulary, and reads what follows', async () => {
    const tokens = Array.from({ length: 30_000 }, (_, i) => text(`token ${i}`)).join('');
    const { metadata } = await read(
      hex(
        counts(0, 4),
        text('tokenizer.ggml.tokens') + u32(9) + u32(8) + u64(30_000) + tokens,
        text('tokenizer.ggml.merges') + u32(9) + u32(8) + u64(30_000) + tokens,
        text('tokenizer.ggml.scores') + u32(9) + u32(6) + u64(30_000) + '00'.repeat(120_000),
        text('k') + u32(4) + u32(7),
      ),
    );
    expect(metadata.get('tokenizer.ggml.tokens')?.value).toEqual({ type: 'text', length: 30_000 });
    expect(metadata.get('tokenizer.ggml.scores')?.value).toEqual({ type: 'f32', length: 30_000 });
    expect(metadata.count('k')).toBe(7);
  });

  it('may have its tensors at another alignment', async () => {
    const header = hex(
      counts(2, 1),
      text('general.alignment') + u32(4) + u32(256),
      tensor('a', [1], 0, 0) + tensor('b', [1], 0, 256),
    );
    const { tensors } = await read(Buffer.concat([header, Buffer.alloc(512 - header.length + 4)]));
    expect(tensors.map(({ position }) => position)).toEqual([256, 512]);
  });

  it('may lie in a file of many gigabytes', async () => {
    const rows = 20_000_000;
    await writeFile(path, hex(counts(2, 0), tensor('a', [1024, rows], 8, 0), tensor('b', [1], 0, rows * 1088)));
    const file = await open(path, 'r+');
    await file.truncate(128 + rows * 1088 + 4);
    await file.close();
    expect(readGguf(path).tensors[1]).toMatchObject({ name: 'b', position: 128 + rows * 1088 });
  });
});

describe('a broken GGUF', () => {
  it.each<[string, Buffer, string]>([
    ['no magic', hex('47475547', u32(3), u64(0), u64(0)), 'it does not start with "GGUF"'],
    ['empty', Buffer.alloc(0), 'it ends in the middle of its header; the download may be incomplete'],
    ['the first version', hex(MAGIC, u32(1)), 'its format version 1 is not one that llama.cpp reads (2 or 3)'],
    ['big-endian', hex(MAGIC, '00000003'), 'its format version 50331648 is not one that llama.cpp reads (2 or 3)'],
    ['too many entries', hex(counts(0, 2n ** 63n)), 'it claims to have 922337203685477'],
    ['too many tensors', hex(counts(2n ** 32n, 0)), 'it claims to have 4294967296 tensors'],
    ['a key without end', hex(counts(0, 1), u64(2n ** 64n - 1n)), 'the name of its metadata entry 1 claims to be'],
    ['a key cut off', hex(counts(0, 1), u64(9), '6161'), 'it ends in the middle of its header'],
    ['an empty key', hex(counts(0, 1), u64(0), u32(4), u32(0)), 'its metadata entry 1 has no name'],
    [
      'a key twice',
      hex(counts(0, 2), text('k'), u32(7), '00', text('k'), u32(7), '00'),
      'its metadata has two entries "k"',
    ],
    ['an unknown type', oneEntry(u32(13)), 'its metadata "k" has a type 13, which GGUF does not have'],
    ['a list of lists', oneEntry(u32(9), u32(9), u64(1)), 'its metadata "k" is a list of lists'],
    [
      'a list without end',
      oneEntry(u32(9), u32(10), u64(2n ** 61n)),
      'its metadata "k" claims to have 230584300921369',
    ],
    ['a list longer than the file', oneEntry(u32(9), u32(4), u64(3), '00'.repeat(11)), 'claims to have 3 values'],
    ['a text in a list', oneEntry(u32(9), u32(8), u64(1), u64(2n ** 62n)), 'it ends in the middle of its header'],
    ['a text without end', oneEntry(u32(8), u64(2n ** 63n)), 'it ends in the middle of its header'],
    [
      'a long chat template',
      hex(counts(0, 1), text('tokenizer.chat_template'), u32(8), u64(2 ** 30)),
      'its chat template claims to be 1073741824 bytes long',
    ],
    [
      'a token twice',
      hex(counts(0, 1), text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(3), text('a'), text('b'), text('a')),
      'its vocabulary has the token 2 twice',
    ],
    ['an odd alignment', hex(counts(0, 1), text('general.alignment'), u32(4), u32(48)), 'its alignment is not a power'],
    ['an alignment of 0', hex(counts(0, 1), text('general.alignment'), u32(4), u32(0)), 'its alignment is not a power'],
    [
      'an alignment in 64 bits',
      hex(counts(0, 1), text('general.alignment'), u32(10), u64(32)),
      'its alignment is not a',
    ],
    [
      'a long name',
      hex(counts(1, 0), tensor('t'.repeat(64), [1], 0, 0)),
      'the name of its tensor 1 claims to be 64 bytes',
    ],
    ['five dimensions', hex(counts(1, 0), tensor('t', [1, 1, 1, 1, 1], 0, 0)), 'its tensor t has 5 dimensions'],
    [
      'an empty tensor',
      padded(hex(counts(1, 0), tensor('t', [4, 0], 0, 0)), 0),
      'its tensor t claims to have 4 x 0 values',
    ],
    [
      'more values than can be counted',
      padded(hex(counts(1, 0), tensor('t', [2n ** 32n, 2n ** 32n], 0, 0)), 64),
      'its tensor t claims to have 4294967296 x 4294967296 values',
    ],
    [
      'a type that was given up',
      padded(hex(counts(1, 0), tensor('t', [32], 4, 0)), 64),
      'its tensor t is stored in a type 4 that this llama.cpp does not have',
    ],
    [
      'a row that is no whole block',
      padded(hex(counts(1, 0), tensor('t', [48, 2], 8, 0)), 102),
      'its tensor t has rows of 48 values, but Q8_0 stores them by 32',
    ],
    [
      'overlapping tensors',
      padded(hex(counts(2, 0), tensor('a', [16], 0, 0), tensor('b', [1], 0, 32)), 96),
      'the data of its tensor b start at byte 32 instead of 64',
    ],
    [
      'two tensors of one name',
      padded(hex(counts(2, 0), tensor('a', [1], 0, 0), tensor('a', [1], 0, 32)), 64),
      'it has two tensors a',
    ],
    [
      'the last byte missing',
      padded(hex(counts(1, 0), tensor('t', [8], 0, 0)), 31),
      'the data of its tensor t go on behind the end of the file',
    ],
    [
      'all but the start of a large tensor missing',
      padded(hex(counts(1, 0), tensor('t', [4096, 4096, 64], 1, 0)), 1000),
      'the data of its tensor t go on behind the end of the file; the download may be incomplete',
    ],
    [
      'data that no page starts with',
      padded(hex(counts(1, 1), text('general.alignment'), u32(4), u32(4), tensor('t', [1], 0, 0)), 64),
      'its data start at byte',
    ],
  ])('is refused: %s', async (_, bytes, why) => {
    expect(await fault(bytes)).toContain(why);
  });

  it('is refused wherever it is cut off', async () => {
    const whole = padded(
      hex(counts(1, 1), text('k'), u32(9), u32(8), u64(2), text('a'), text('b'), tensor('t', [8], 0, 0)),
      32,
    );
    expect((await read(whole)).tensors).toHaveLength(1);
    for (let end = 0; end < whole.length; end++) expect(await fault(whole.subarray(0, end))).toMatch(/./);
  });
});
