/** Rows of cells as plain text: the first column on the left, numbers on the right. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const aligned = (cell: string, column: number): string =>
    column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
  return rows.map((row) => row.map(aligned).join('  ').trimEnd()).join('\n')
}
