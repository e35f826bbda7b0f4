import { displayWidth, padEnd, padStart } from './display-width.ts';
import { printable } from './printable.ts';

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Returns the lines of an aligned table, titles first. Cells are made safe for a terminal; missing cells are empty. */
export function tableLines(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): readonly string[] {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const all = [columns.map((column) => column.title), ...cells];
  const widths = columns.map((_, index) =>
    all.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), 0),
  );
  return all.map((row) => lineOf(row, columns, widths));
}

function lineOf(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return row
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      return columns[index]?.align === 'right' ? padStart(cell, width) : padEnd(cell, width);
    })
    .join('  ')
    .trimEnd();
}
