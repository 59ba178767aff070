import type { Batch } from '../../../native/tap.d.ts';
import type { Side } from '../../core/pairs/pair.js';

/** One side of a pair as tokens up to the end of its target, which starts at token `from`. */
export interface SideTokens {
  tokens: Int32Array;
  from: number;
}

export interface PairStep {
  batch: Batch;
  /** The step begins with an empty cache. */
  fresh: boolean;
  /** So many positions of sequence 0, all that it has, become those of sequence 1 before the step. */
  copied: number;
  /** Appends the selection of each target column, k ids a layer, to the sides that the column belongs to. */
  collect(routing: Uint16Array, into: Record<Side, Uint16Array[]>): void;
}

/**
 * How two sequences come to a common prefix: as columns of both in one batch; or, where a batch may have one sequence
 * only, by a copy of what the prefix left; or not at all.
 */
export type Sharing = 'batch' | 'copy' | 'none';

const A = 1;
const B = 2;

/**
 * Both sides of a pair as columns: first the prefix that both sides share, then the rest of a, then the rest of b.
 * Sequence 0 is side a, sequence 1 is side b, and the prefix is in both, or in 0 until it is copied. Where nothing is
 * shared there is one sequence: the whole of a, then, in an emptied cache, the whole of b.
 */
export class PairColumns {
  readonly tokens: Int32Array;
  readonly length: Record<Side, number>;
  /** Target tokens a side. */
  readonly targets: Record<Side, number>;
  readonly targetTokens: Record<Side, Int32Array>;
  private readonly shared: number;
  private readonly positions: Int32Array;
  /** For each column a mask of the sides it belongs to, and one of the sides whose target it is in. */
  private readonly member: Uint8Array;
  private readonly target: Uint8Array;

  constructor(
    a: SideTokens,
    b: SideTokens,
    private readonly sharing: Sharing,
  ) {
    const shared = sharing === 'none' ? 0 : commonPrefix(a.tokens, b.tokens);
    this.shared = shared;
    const restA = a.tokens.length - shared;
    const n = shared + restA + (b.tokens.length - shared);
    this.length = { a: a.tokens.length, b: b.tokens.length };
    this.targets = { a: a.tokens.length - a.from, b: b.tokens.length - b.from };
    this.targetTokens = { a: a.tokens.slice(a.from), b: b.tokens.slice(b.from) };
    this.tokens = new Int32Array(n);
    this.positions = new Int32Array(n);
    this.member = new Uint8Array(n);
    this.target = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      const member = i < shared ? A | B : i < shared + restA ? A : B;
      const position = member === B ? i - restA : i;
      this.member[i] = member;
      this.positions[i] = position;
      this.tokens[i] = member === B ? b.tokens[position]! : a.tokens[position]!;
      this.target[i] = (member & A && position >= a.from ? A : 0) | (member & B && position >= b.from ? B : 0);
    }
  }

  get conversationTokens(): number {
    return this.length.a + this.length.b;
  }

  /** Cuts the columns into steps of at most `batch` columns and `outputs` target columns. */
  *steps(batch: number, outputs: number): Generator<PairStep> {
    const n = this.tokens.length;
    for (let from = 0; from < n;) {
      let to = from;
      let targets = 0;
      const side = this.member[from];
      while (
        to < n &&
        (this.sharing === 'batch' || this.member[to] === side) &&
        to - from < batch &&
        targets + (this.target[to] ? 1 : 0) <= outputs
      )
        targets += this.target[to++] ? 1 : 0;
      yield this.step(from, to);
      from = to;
    }
  }

  private step(from: number, to: number): PairStep {
    const n = to - from;
    const member = this.member.subarray(from, to);
    const target = this.target.subarray(from, to);
    const sequences = new Int32Array(2 * n).fill(-1);
    const counters = new Int32Array(2 * n).fill(-1);
    const result = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      sequences[2 * i] = member[i]! & A || this.sharing === 'none' ? 0 : 1;
      if (member[i] === (A | B) && this.sharing === 'batch') sequences[2 * i + 1] = 1;
      if (target[i]! & A) counters[2 * i] = 0;
      if (target[i]! & B) counters[2 * i + 1] = 1;
      result[i] = target[i] ? 1 : 0;
    }
    return {
      batch: {
        tokens: this.tokens.slice(from, to),
        positions: this.positions.slice(from, to),
        sequences,
        counters,
        // The last layer sees output columns alone.
        outputs: result,
      },
      fresh: from === 0 || (this.sharing === 'none' && this.positions[from] === 0),
      copied: this.sharing === 'copy' && from === this.shared ? this.shared : 0,
      collect(routing, into) {
        const rows = target.filter((mask) => mask !== 0);
        const width = routing.length / Math.max(1, rows.length);
        for (const [row, mask] of rows.entries()) {
          const selection = routing.subarray(row * width, (row + 1) * width);
          if (mask & A) into.a.push(selection);
          if (mask & B) into.b.push(selection);
        }
      },
    };
  }
}

function commonPrefix(one: Int32Array, other: Int32Array): number {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one[length] === other[length]) length++;
  return length;
}
