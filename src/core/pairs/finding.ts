/** Where something stands inside one JSON value: member names and indices from the outside in. */
export type JsonPath = readonly (string | number)[];

/** Something wrong inside one pair, before it is known where on the line that stands. */
export interface Finding {
  path: JsonPath;
  message: string;
  severity: 'error' | 'warning';
  /** Set for a field that is not known: told once a file, not once a line. */
  unknownField?: string;
}

export type Report = (finding: Finding) => void;

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** "a number", "nothing": what stands where something else should. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a string' : `a ${typeof value}`;
}

/** Reports every field of an object that is not among the known ones. */
export function reportUnknownFields(
  object: JsonObject,
  known: readonly string[],
  path: JsonPath,
  report: Report,
): void {
  for (const field of Object.keys(object)) {
    if (known.includes(field)) continue;
    report({
      path: [...path, field],
      message: `Unknown field "${field}": it is ignored.`,
      severity: 'warning',
      unknownField: field,
    });
  }
}
