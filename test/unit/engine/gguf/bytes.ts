/** GGUF bytes by hand, from the specification: each function gives hexadecimal, little-endian. */
export const u32 = (value: number): string => number(BigInt(value), 4);
export const u64 = (value: number | bigint): string => number(BigInt(value), 8);
export const text = (value: string): string => u64(Buffer.byteLength(value)) + Buffer.from(value).toString('hex');

export const MAGIC = '47475546';

/** A file of hexadecimal pieces; spaces are for the reader. */
export function hex(...pieces: string[]): Buffer {
  return Buffer.from(pieces.join('').replaceAll(' ', ''), 'hex');
}

/** Zeros up to the next multiple of 32, where the data start. */
export function padded(header: Buffer, data: number): Buffer {
  return Buffer.concat([header, Buffer.alloc(Math.ceil(header.length / 32) * 32 - header.length + data)]);
}

function number(value: bigint, bytes: number): string {
  return Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
