/**
 * Benjamini-Hochberg q-values of p-values: the smallest false discovery rate at which each would be reported
 * (Benjamini and Hochberg 1995, step-up). Same order as the p-values.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((x, y) => pValues[x]! - pValues[y]!);
  const q = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    smallest = Math.min(smallest, (pValues[i]! * pValues.length) / rank);
    q[i] = smallest;
  }
  return q;
}
