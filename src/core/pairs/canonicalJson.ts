/**
 * JSON of which equal values always give equal text: keys sorted, no spaces, undefined members left out.
 * For fingerprints and comparisons. Takes what JSON.stringify takes.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    const entries = Object.entries(member);
    return Object.fromEntries(entries.sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)));
  });
}
