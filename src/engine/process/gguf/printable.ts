/** Text out of a file as it may stand in a sentence: on one line, without control characters, not too long. */
export function printable(text: string, longest = 80): string {
  const clean = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
