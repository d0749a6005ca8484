import { setTimeout as sleep } from "node:timers/promises";
import {
  afterWords,
  answers,
  cuts,
  fails,
  hangs,
  raw,
  resets,
} from "../../../test/failover/upstream.ts";
import type { Act } from "../../../test/failover/upstream.ts";

/** What the first provider does, and how much of the time it costs is asked for by somebody, ms. */
export type Fault = {
  readonly name: string;
  readonly acts: readonly [Act, ...Act[]];
  readonly waitMs: number;
};

/** The mean pause before a repeat on the same offering. */
const retryPauseMs = 200;
/** First content and silence, as the laboratory is configured. */
const timeOutMs = 400;
/** The upstream waits so long before it dies in the middle, so that its words are read. */
const lastWordMs = 30;

export const faults: readonly Fault[] = [
  { name: "401", acts: [fails(401)], waitMs: 0 },
  { name: "500 once, repeated", acts: [fails(500), answers], waitMs: retryPauseMs },
  { name: "503, repeated, then the next", acts: [fails(503)], waitMs: retryPauseMs },
  { name: "reset of a kept connection, repeated at once", acts: [resets, answers], waitMs: 0 },
  {
    name: "a page, repeated, then the next",
    acts: [raw("<html></html>", "text/html")],
    waitMs: retryPauseMs,
  },
  {
    name: "429 for 100 ms, waited out",
    acts: [fails(429, { headers: { "retry-after-ms": "100" } }), answers],
    waitMs: 100,
  },
  { name: "no answer", acts: [hangs], waitMs: timeOutMs },
  { name: "cut in the middle, gone on with", acts: [afterWords(3, cuts)], waitMs: lastWordMs },
  {
    name: "silence in the middle, gone on with",
    acts: [
      afterWords(3, async () => {
        await sleep(10 * timeOutMs);
      }),
    ],
    waitMs: timeOutMs,
  },
];
