/** What must be there: rows, accounts and models that a candidate was made of. */
export const known = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new RangeError("unknown row");
  return value;
};
