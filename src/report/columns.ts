import { pad, widthOf } from './layout.js';
import type { Style } from './paint.js';

/** Lines of cells under a head, numbers flush right. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[], strong: Style): string[] {
  const widths = head.map((title, column) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric(rows, column) ? ' '.repeat(width - widthOf(cell)) + cell : pad(cell, width);
      })
      .join('  ')
      .trimEnd();
  return [strong(line(head)), ...rows.map(line)];
}

function numeric(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.every((row) => /^[\d.,]* ?(?:ms|%)?$/.test(row[column] ?? ''));
}
