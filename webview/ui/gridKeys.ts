export interface Cell {
  row: number;
  column: number;
}

/** Where a key moves from a cell; null for a key that moves nothing. Rows count upward, as layers do. */
export function movedCell(
  { row, column }: Cell,
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  size: { rows: number; columns: number },
): Cell | null {
  const to = (nextRow: number, nextColumn: number): Cell => ({
    row: Math.max(0, Math.min(size.rows - 1, nextRow)),
    column: Math.max(0, Math.min(size.columns - 1, nextColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(row + 1, column);
    case 'ArrowDown':
      return to(row - 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'PageUp':
      return to(row + 8, column);
    case 'PageDown':
      return to(row - 8, column);
    case 'Home':
      return to(ctrlKey ? size.rows - 1 : row, 0);
    case 'End':
      return to(ctrlKey ? 0 : row, size.columns - 1);
    default:
      return null;
  }
}
