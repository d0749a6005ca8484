/** A JSON value as people read it in a table. @param none what stands for null */
export const cellText = (value: unknown, none = "–"): string => {
  if (value === null || value === undefined) return none;
  return typeof value === "string" ? value : JSON.stringify(value);
};
