/** A column: its head, and whether its cells are numbers (set to the right). */
export type Column = { readonly head: string; readonly numeric?: true };

/** Rows of text as an aligned table; every row has a cell for every column. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ numeric }, index) => {
        const cell = cells[index] ?? "";
        const width = widths[index] ?? 0;
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ head }) => head)), ...rows.map(line)].join("\n");
};

/** A dollar amount as people read it: six significant digits, no exponent. */
export const usd = (amount: number | null): string =>
  amount === null
    ? "unknown"
    : `$${Number(amount.toPrecision(6))
        .toFixed(12)
        .replace(/\.?0+$/, "")}`;
