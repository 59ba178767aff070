import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Fault } from './fault.js';

const CHUNK = 1 << 16;

/**
 * Little-endian values of a file, one after the other, through one buffer of 64 KiB. Lengths are checked against the
 * file's end before anything is read, so that none that a file claims is ever allocated. Reading past the end throws
 * a Fault. Synchronous: a header has hundreds of thousands of values, and a promise for each would take longer than
 * the disk.
 */
export class FileReader {
  readonly size: number;
  private readonly file: number;
  private readonly buffer = Buffer.alloc(CHUNK);
  /** Where in the file the buffer starts, how much of it is filled, and how much of that is read. */
  private start = 0;
  private filled = 0;
  private at = 0;

  constructor(path: string) {
    this.file = openSync(path, 'r');
    this.size = fstatSync(this.file).size;
  }

  close(): void {
    closeSync(this.file);
  }

  get position(): number {
    return this.start + this.at;
  }

  get remaining(): number {
    return this.size - this.position;
  }

  u8(): number {
    return this.buffer.readUInt8(this.take(1));
  }
  i8(): number {
    return this.buffer.readInt8(this.take(1));
  }
  u16(): number {
    return this.buffer.readUInt16LE(this.take(2));
  }
  i16(): number {
    return this.buffer.readInt16LE(this.take(2));
  }
  u32(): number {
    return this.buffer.readUInt32LE(this.take(4));
  }
  i32(): number {
    return this.buffer.readInt32LE(this.take(4));
  }
  f32(): number {
    return this.buffer.readFloatLE(this.take(4));
  }
  f64(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }
  /** Exact below 2^53, more than any file can hold; above that rounded. */
  u64(): number {
    const at = this.take(8);
    return this.buffer.readUInt32LE(at + 4) * 2 ** 32 + this.buffer.readUInt32LE(at);
  }
  i64(): number {
    return Number(this.buffer.readBigInt64LE(this.take(8)));
  }

  /** The next bytes as text. Latin-1 keeps every byte apart, UTF-8 replaces what is none. */
  text(length: number, encoding: 'utf8' | 'latin1'): string {
    if (length <= CHUNK) {
      const at = this.take(length);
      return this.buffer.toString(encoding, at, at + length);
    }
    this.require(length);
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const count = Math.min(length - done, CHUNK);
      const at = this.take(count);
      done += this.buffer.copy(bytes, done, at, at + count);
    }
    return bytes.toString(encoding);
  }

  skip(length: number): void {
    this.require(length);
    if (this.at + length <= this.filled) this.at += length;
    else this.seek(this.position + length);
  }

  seek(position: number): void {
    if (position > this.size) throw cutOff();
    this.start = position;
    this.at = this.filled = 0;
  }

  /** Offset in the buffer of the next `length` bytes, at most a chunk, which count as read from here on. */
  private take(length: number): number {
    if (this.at + length > this.filled) {
      this.require(length);
      this.start += this.at;
      this.at = this.filled = 0;
      while (this.filled < length) {
        const read = readSync(this.file, this.buffer, this.filled, CHUNK - this.filled, this.start + this.filled);
        // The file became shorter since it was opened.
        if (read === 0) throw cutOff();
        this.filled += read;
      }
    }
    const at = this.at;
    this.at += length;
    return at;
  }

  private require(length: number): void {
    if (length > this.remaining) throw cutOff();
  }
}

function cutOff(): Fault {
  return new Fault('it ends in the middle of its header; the download may be incomplete');
}
