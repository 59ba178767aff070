/** A share of yes among n answers, with its Wilson 95 % interval. */
export interface Rate {
  count: number;
  n: number;
  rate: number;
  low: number;
  high: number;
}

const Z = 1.959964;

/** Wilson's score interval: stays within [0, 1] and is right for rates near 0 and 1, where the usual one is not. */
export function wilson(count: number, n: number): Rate {
  if (n === 0) return { count, n, rate: 0, low: 0, high: 1 };
  const rate = count / n;
  const s = (Z * Z) / n;
  const middle = (rate + s / 2) / (1 + s);
  const half = (Z * Math.sqrt((rate * (1 - rate)) / n + s / n / 4)) / (1 + s);
  return { count, n, rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** ".94 [.86, .98]" */
export function rateText({ rate, low, high }: Rate): string {
  return `${share(rate)} [${share(low)}, ${share(high)}]`;
}

export function share(rate: number): string {
  return rate.toFixed(2).replace(/^0/, '');
}
