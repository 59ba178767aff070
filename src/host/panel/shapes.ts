/** Reading untyped data from a webview or from memory: each gives undefined for what does not fit. */

export function aNumber(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

export function anInteger(value: unknown, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return Number.isInteger(value) ? aNumber(value, least, most) : undefined;
}

export function aString(value: unknown, longest = 10_000_000): string | undefined {
  return typeof value === 'string' && value.length <= longest ? value : undefined;
}

export function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}
