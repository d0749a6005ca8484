import { cellText } from "./cell-text.ts";

const cellOf = (value: unknown): string => {
  const text = cellText(value, "");
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as CSV (RFC 4180, but for line ends), a header first. */
export const csv = (
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string =>
  [
    columns.map(cellOf).join(","),
    ...rows.map((row) => columns.map((name) => cellOf(row[name])).join(",")),
  ].join("\n");
