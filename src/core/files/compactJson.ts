/**
 * JSON for files that people compare: two spaces, arrays of plain values and objects inside arrays on one line each, a
 * line break at the end. Key order is the value's own.
 */
export function compactJson(value: unknown): string {
  return `${write(value, '', false)}\n`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function write(value: unknown, indent: string, inline: boolean): string {
  if (isPlain(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    return `[\n${value.map((item) => inner + write(item, inner, true)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  const pairs = members.map(([key, member]) => `${JSON.stringify(key)}: ${write(member, inner, inline)}`);
  return inline ? `{ ${pairs.join(', ')} }` : `{\n${inner}${pairs.join(`,\n${inner}`)}\n${indent}}`;
}
