import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";

/** An event with a name, as Messages and Responses streams have them; comments have no data. */
export type NamedTextEvent = {
  readonly name: string | null;
  readonly json: JsonRecord | null;
  /** Whether it is framed exactly as one `event:` and one `data:` line. */
  readonly framed: boolean;
};

const parse = (data: string): JsonRecord | null => {
  try {
    return asRecord(JSON.parse(data));
  } catch {
    return null;
  }
};

/** Cuts an SSE text at its empty lines; the last entry of a whole text is empty and left out. */
export const splitNamedEvents = (text: string): readonly NamedTextEvent[] =>
  text
    .split("\n\n")
    .filter((raw) => raw !== "" && !raw.startsWith(":"))
    .map((raw) => {
      const [first = "", second = "", ...more] = raw.split("\n");
      const framed =
        first.startsWith("event: ") && second.startsWith("data: ") && more.length === 0;
      return {
        framed,
        name: framed ? first.slice(7) : null,
        json: framed ? parse(second.slice(6)) : null,
      };
    });
