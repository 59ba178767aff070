/** "14 GB": to the nearest whole one above 10, else with a digit. */
export function gigabytes(bytes: number): string {
  const value = bytes / 1e9;
  if (value < 0.1) return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} GB`;
}

/**
 * A warning where a model needs more memory than the computer has, or than is free now; undefined where it has room.
 * @param need bytes in the computer's memory
 */
export function memoryWarning(need: number, { total, free }: { total: number; free: number }): string | undefined {
  const needs = `needs about ${gigabytes(need)}`;
  if (need > total) return `${needs}, this computer has ${gigabytes(total)}`;
  return need > free ? `${needs}, ${gigabytes(free)} of this computer are free` : undefined;
}
