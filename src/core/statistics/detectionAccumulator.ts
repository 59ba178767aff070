import type { CountedPair } from './countedPair.js';
import { HumanError } from '../humanError.js';
import { SIDES, type Side } from '../pairs/pair.js';
import { poissonWeights } from './poissonWeights.js';

/** Pairs that are held back and added together, so that the sums cross memory once for all of them. */
const BATCH = 16;

/** Both sides' sums share one double, a + b * 2^26: exact integers below 2^53, half the memory and half the work. */
const SIDE_B = 2 ** 26;

/** sums += the four values from `first` on, each times its pair's weights. Four at a time: one load and store of sums. */
function addWeighted(
  sums: Float64Array,
  first: number,
  [v0, v1, v2, v3]: readonly [number, number, number, number],
  weights: readonly Float64Array[],
): void {
  const w0 = weights[first]!;
  const w1 = weights[first + 1]!;
  const w2 = weights[first + 2]!;
  const w3 = weights[first + 3]!;
  for (let r = 0; r < sums.length; r++) sums[r]! += v0 * w0[r]! + v1 * w1[r]! + v2 * w2[r]! + v3 * w3[r]!;
}

/**
 * Adds up the counts of pairs as they stream by, and a Poisson bootstrap over pairs with them. All sums are exact
 * integers and a pair's weights depend on its index alone: order, crash and resume do not change a bit.
 * Memory: experts x replicates doubles for the experts that were selected at all.
 */
export class DetectionAccumulator {
  /** Target tokens per side. */
  readonly tokens: Record<Side, number> = { a: 0, b: 0 };
  /** Activation counts per side, `experts` long. */
  readonly counts: Record<Side, Float64Array>;
  private readonly indices = new Set<number>();
  private readonly sums: (Float64Array | undefined)[];
  private readonly tokenSums: Record<Side, Float64Array>;
  private readonly weights: Float64Array[];
  private readonly batch: Float64Array[];
  private pending = 0;

  /** `experts` is L x E, the length of the count arrays. */
  constructor(
    readonly experts: number,
    readonly replicates = 1000,
  ) {
    this.counts = { a: new Float64Array(experts), b: new Float64Array(experts) };
    this.sums = new Array<Float64Array | undefined>(experts).fill(undefined);
    this.tokenSums = { a: new Float64Array(replicates), b: new Float64Array(replicates) };
    this.weights = Array.from({ length: BATCH }, () => new Float64Array(replicates));
    this.batch = Array.from({ length: BATCH }, () => new Float64Array(experts));
  }

  /** Pairs added. */
  get pairs(): number {
    return this.indices.size;
  }

  has(index: number): boolean {
    return this.indices.has(index);
  }

  /** Fails with RangeError for a pair that was added before, or counts that cannot be: that is an error in the program. */
  add(pair: CountedPair): void {
    if (this.indices.has(pair.index)) throw new RangeError(`Pair ${pair.index} was added already.`);
    for (const side of SIDES) {
      if (pair.counts[side].length !== this.experts) throw new RangeError(`Counts must be ${this.experts} long.`);
      if (pair.counts[side].some((count) => count > pair.tokens[side]))
        throw new RangeError('More counts than tokens.');
    }
    this.indices.add(pair.index);
    const packed = this.batch[this.pending]!;
    for (let i = 0; i < this.experts; i++) packed[i] = pair.counts.a[i]! + pair.counts.b[i]! * SIDE_B;
    const weights = this.weights[this.pending]!;
    poissonWeights(pair.index, weights);
    for (const side of SIDES) {
      const { counts, tokens } = pair;
      this.tokens[side] += tokens[side];
      for (let i = 0; i < this.experts; i++) this.counts[side][i]! += counts[side][i]!;
      for (let r = 0; r < this.replicates; r++) this.tokenSums[side][r]! += weights[r]! * tokens[side];
      if (this.tokenSums[side].some((sum) => sum >= SIDE_B)) throw tooMany();
    }
    this.pending++;
    if (this.pending === BATCH) this.flush();
  }

  /**
   * Bootstrap replicates of one expert's risk difference into the start of `into` (`replicates` long); returns how many
   * there are. A replicate that drew no tokens of one side has no rate and is left out.
   */
  riskDifferences(expert: number, into: Float64Array): number {
    this.flush();
    const sums = this.sums[expert];
    let valid = 0;
    for (let r = 0; r < this.replicates; r++) {
      const tokensA = this.tokenSums.a[r]!;
      const tokensB = this.tokenSums.b[r]!;
      if (tokensA === 0 || tokensB === 0) continue;
      const sum = sums?.[r] ?? 0;
      const b = Math.floor(sum / SIDE_B);
      into[valid++] = (sum - b * SIDE_B) / tokensA - b / tokensB;
    }
    return valid;
  }

  private flush(): void {
    if (this.pending === 0) return;
    for (const rest of this.batch.slice(this.pending)) rest.fill(0);
    // Experts outside, pairs inside: an expert's sums stay in the processor's cache for the whole batch.
    for (let i = 0; i < this.experts; i++) {
      for (let j = 0; j < this.pending; j += 4) {
        const v0 = this.batch[j]![i]!;
        const v1 = this.batch[j + 1]![i]!;
        const v2 = this.batch[j + 2]![i]!;
        const v3 = this.batch[j + 3]![i]!;
        if (v0 === 0 && v1 === 0 && v2 === 0 && v3 === 0) continue;
        const sums = (this.sums[i] ??= new Float64Array(this.replicates));
        addWeighted(sums, j, [v0, v1, v2, v3], this.weights);
      }
    }
    this.pending = 0;
  }
}

function tooMany(): HumanError {
  return new HumanError(
    'pairs-invalid',
    'The pairs have more target tokens than can be added up exactly (about 60 million on one side).',
    'Use fewer pairs: limit detection to the first pairs, or shorten the targets.',
  );
}
