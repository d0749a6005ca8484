import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "../model/json.ts";

const maximumEntries = 100;
const maximumBytes = 16 * 1024 * 1024;

/** A chat request as it arrived. */
export type JournalEntry = {
  readonly apiKey: string;
  /** Without `authorization`. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Json;
};

/** The last requests of one provider: at most 100, and no more than 16 MiB of bodies. */
export type Journal = {
  readonly add: (entry: NewEntry) => void;
  /** Oldest first. */
  readonly entries: () => readonly JournalEntry[];
};

export type NewEntry = {
  readonly apiKey: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json;
  /** Of the body as it came. */
  readonly bytes: number;
};

export const createJournal = (): Journal => {
  const kept: { readonly entry: JournalEntry; readonly bytes: number }[] = [];
  let held = 0;
  return {
    add: ({ apiKey, headers, body, bytes }) => {
      const shown = Object.entries(headers).flatMap(([name, value]) =>
        value === undefined || name === "authorization" ? [] : [[name, value] as const],
      );
      kept.push({ entry: { apiKey, headers: Object.fromEntries(shown), body }, bytes });
      held += bytes;
      while (kept.length > 1 && (kept.length > maximumEntries || held > maximumBytes)) {
        held -= kept.shift()?.bytes ?? 0;
      }
    },
    entries: () => kept.map(({ entry }) => entry),
  };
};
