/** A thing that is timed: returns how many milliseconds it took, set-up left out. */
export type Timed = () => Promise<number>;

/**
 * Ratio of two things measured in turn, A B, B A, A B, ...: the median of the pairs' ratios, which holds when the
 * machine's speed drifts.
 */
export interface PairedRatio {
  /** Median of time(base) / time(other): above 1 the other is faster. */
  ratio: number;
  /** Quartiles of the pairs' ratios. */
  lower: number;
  upper: number;
  /** Median milliseconds. */
  base: number;
  other: number;
  repeats: number;
}

export async function pairedRatio(base: Timed, other: Timed, repeats: number): Promise<PairedRatio> {
  await base();
  await other();
  const pairs: { base: number; other: number }[] = [];
  for (let i = 0; i < repeats; i++) {
    if (i % 2 === 0) {
      const first = await base();
      pairs.push({ base: first, other: await other() });
    } else {
      const first = await other();
      pairs.push({ base: await base(), other: first });
    }
  }
  const ratios = pairs.map((pair) => pair.base / pair.other).sort((one, two) => one - two);
  return {
    ratio: median(ratios),
    lower: ratios[Math.floor(ratios.length / 4)]!,
    upper: ratios[Math.floor((3 * ratios.length) / 4)]!,
    base: median(pairs.map((pair) => pair.base)),
    other: median(pairs.map((pair) => pair.other)),
    repeats,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
