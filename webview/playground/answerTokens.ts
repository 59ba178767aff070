/** Where a token of an answer stands in its text, in UTF-16 offsets. */
export interface TokenPlace {
  token: number;
  start: number;
  end: number;
}

/** The token that covers an offset of the text; null past the last. `ends` ascends; tokens without text share an end. */
export function tokenAt(ends: readonly number[], offset: number): TokenPlace | null {
  if (offset < 0) return null;
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > offset) high = middle;
    else low = middle + 1;
  }
  return low < ends.length ? placeOf(ends, low) : null;
}

export function placeOf(ends: readonly number[], token: number): TokenPlace {
  return { token, start: ends[token - 1] ?? 0, end: ends[token]! };
}

/** The next token in a direction that has text of its own, from where one stands; null: from before the first. */
export function tokenBeside(ends: readonly number[], from: number | null, step: 1 | -1): TokenPlace | null {
  const first = from ?? (step === 1 ? -1 : ends.length);
  for (let token = first + step; token >= 0 && token < ends.length; token += step) {
    const place = placeOf(ends, token);
    if (place.end > place.start) return place;
  }
  return null;
}

/** A token's text with what is invisible in it made visible. */
export function visibleToken(text: string): string {
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}
