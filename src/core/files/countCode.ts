/**
 * Counts as text: unsigned LEB128 varints in base64. A zero is followed by how many more zeros there are, so that
 * counts of a few tokens, which are mostly zeros, stay short.
 */
export function encodeCounts(counts: Uint32Array): string {
  const bytes: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    putVarint(bytes, counts[i]!);
    if (counts[i] !== 0) continue;
    const first = i;
    while (counts[i + 1] === 0) i++;
    putVarint(bytes, i - first);
  }
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
}

/** The counts of a text by encodeCounts; undefined where it is not one of exactly `length` counts. */
export function decodeCounts(text: string, length: number): Uint32Array | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const counts = new Uint32Array(length);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < binary.length && scale < 2 ** 35; scale *= 128) {
      const byte = binary.charCodeAt(at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  let i = 0;
  while (i < length) {
    const value = varint();
    if (!(value < 2 ** 32)) return undefined;
    if (value === 0) i += varint() + 1;
    else counts[i++] = value;
  }
  return i === length && at === binary.length ? counts : undefined;
}
