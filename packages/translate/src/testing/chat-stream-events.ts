/** An event of an SSE text; comments have no data. */
export type TextEvent = { readonly raw: string; readonly data: string | null };

/** Cuts an SSE text at its empty lines; the last entry of a whole text is empty and left out. */
export const splitEvents = (text: string): readonly TextEvent[] =>
  text
    .split("\n\n")
    .filter((raw) => raw !== "")
    .map((raw) => ({ raw, data: raw.startsWith("data: ") ? raw.slice(6) : null }));
