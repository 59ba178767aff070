/** The finaliser of MurmurHash3: a bijection of unsigned 32-bit integers whose output bits all depend on all input bits. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A random unsigned 32-bit integer that is a function of its arguments alone: no state, so any order of calls and any
 * restart gives the same. `stream` and `position` are integers.
 */
export function hash32(stream: number, position: number): number {
  const start = mix32(Math.imul(stream, 0x9e3779b1) ^ 0x243f6a88);
  return mix32(mix32(start + Math.imul(position, 0x9e3779b9)) ^ start);
}
