import { open, readFile, rm, truncate } from 'node:fs/promises';
import { SIDES, type Side } from '../core/pairs/pair.js';
import type { PairCounts } from '../protocol/engine.js';
import { openAppended, type Appended } from './appendedFile.js';
import { writeFileAtomic } from './atomicFile.js';

type SideRouting = NonNullable<PairCounts['routing']>[Side];

/** Target token ids and, for each, the selected experts of each MoE layer. */
interface RoutingLine {
  tokens: number[];
  experts: number[][][];
}

interface Place {
  from: number;
  length: number;
}

/**
 * The selections of every target token, kept in `<path>.partial` pair by pair while detection runs, and written in the
 * order of the pairs at its end. Pairs are known by fingerprint, so that a resumed run has those of the first one.
 */
export class RoutingLog {
  private constructor(
    private readonly path: string,
    private readonly partial: string,
    private readonly file: Appended,
    private readonly places: Map<string, Place>,
    private size: number,
    private readonly layers: number,
  ) {}

  /** `header` tells whether what is there belongs to this detection; if not, it is dropped. */
  static async open(path: string, header: string, layers: number): Promise<RoutingLog> {
    const partial = `${path}.partial`;
    const { places, size } = await readPlaces(partial, header);
    const anew = size === 0;
    // What a crash left of a last line would spoil the next one.
    if (!anew) await truncate(partial, size);
    const file = openAppended(partial, anew);
    if (anew) file.append(header);
    return new RoutingLog(path, partial, file, places, anew ? Buffer.byteLength(header) : size, layers);
  }

  has(fingerprint: string): boolean {
    return this.places.has(fingerprint);
  }

  add(fingerprint: string, routing: Record<Side, SideRouting>): void {
    const text = `${JSON.stringify({ pair: fingerprint, a: this.line(routing.a), b: this.line(routing.b) })}\n`;
    this.file.append(text);
    const length = Buffer.byteLength(text);
    this.places.set(fingerprint, { from: this.size, length });
    this.size += length;
  }

  /** Writes the file, a line a side, and removes what was kept for it. `pairs`: index and fingerprint, in order. */
  async finish(pairs: readonly (readonly [index: number, fingerprint: string])[]): Promise<void> {
    await writeFileAtomic(this.path, this.inOrder(pairs));
    this.file.close();
    await rm(this.partial, { force: true });
  }

  /** Removes what was kept where there is nothing in it; else it stays for the next run. */
  async close(): Promise<void> {
    this.file.close();
    if (this.places.size === 0) await rm(this.partial, { force: true });
  }

  private line({ tokens, experts }: SideRouting): RoutingLine {
    const width = experts.length / Math.max(1, tokens.length);
    const k = width / this.layers;
    const rows = Array.from(tokens, (_, token) =>
      Array.from({ length: this.layers }, (_, layer) => {
        const from = token * width + layer * k;
        return Array.from(experts.subarray(from, from + k));
      }),
    );
    return { tokens: Array.from(tokens), experts: rows };
  }

  private async *inOrder(pairs: readonly (readonly [number, string])[]): AsyncGenerator<string> {
    const file = await open(this.partial, 'r');
    try {
      for (const [index, fingerprint] of pairs) {
        const { from, length } = this.places.get(fingerprint)!;
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, from);
        const kept = JSON.parse(buffer.toString('utf8')) as Record<Side, RoutingLine>;
        for (const side of SIDES) yield `${JSON.stringify({ pair: index, side, ...kept[side] })}\n`;
      }
    } finally {
      await file.close();
    }
  }
}

/** Where the whole lines of an earlier run stand, and where they end; nothing where it was another detection. */
async function readPlaces(partial: string, header: string): Promise<{ places: Map<string, Place>; size: number }> {
  const places = new Map<string, Place>();
  const bytes = await readFile(partial).catch(() => Buffer.alloc(0));
  const start = Buffer.from(header);
  if (!bytes.subarray(0, start.length).equals(start)) return { places, size: 0 };
  let from = start.length;
  for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
    const fingerprint = /^\{"pair":"([0-9a-f]{64})"/.exec(bytes.toString('latin1', from, from + 80))?.[1];
    if (fingerprint !== undefined) places.set(fingerprint, { from, length: end + 1 - from });
    from = end + 1;
  }
  return { places, size: from };
}
