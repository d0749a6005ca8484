/** A row as the driver gives it: bigints for BIGINT, text for NUMERIC. */
export type Row = Readonly<Record<string, bigint | number | string | boolean | null>>;

export const numberOf = (row: Row, name: string): number => Number(row[name]);

/** BIGINT and NUMERIC; SQL's sum over no rows is 0. */
export const bigintOf = (row: Row, name: string): bigint => {
  const value = row[name] ?? 0n;
  return typeof value === "bigint" ? value : BigInt(value);
};

export const textOf = (row: Row, name: string): string => String(row[name]);

export const nullableTextOf = (row: Row, name: string): string | null => {
  const value = row[name];
  return value === null || value === undefined ? null : String(value);
};

export const nullableNumberOf = (row: Row, name: string): number | null => {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
};
