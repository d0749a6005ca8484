import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "../model/json.ts";

const maximumEntries = 100;
const maximumBytes = 16 * 1024 * 1024;

/** Headers that hold the key. */
const keyHeaders = new Set(["authorization", "x-api-key", "x-goog-api-key"]);

/** A request as it arrived. */
export type JournalEntry = {
  readonly apiKey: string;
  /** Path and query. */
  readonly path: string;
  /** Without those that hold the key. */
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
  readonly path: string;
  readonly body: Json;
  /** Of the body as it came. */
  readonly bytes: number;
};

export const createJournal = (): Journal => {
  const kept: { readonly entry: JournalEntry; readonly bytes: number }[] = [];
  let held = 0;
  return {
    add: ({ apiKey, headers, path, body, bytes }) => {
      const shown = Object.entries(headers).flatMap(([name, value]) =>
        value === undefined || keyHeaders.has(name) ? [] : [[name, value] as const],
      );
      kept.push({ entry: { apiKey, path, headers: Object.fromEntries(shown), body }, bytes });
      held += bytes;
      while (kept.length > 1 && (kept.length > maximumEntries || held > maximumBytes)) {
        held -= kept.shift()?.bytes ?? 0;
      }
    },
    entries: () => kept.map(({ entry }) => entry),
  };
};
