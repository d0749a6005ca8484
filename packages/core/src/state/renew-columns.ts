import { loadOf, msPerTokenOf, ttftLine } from "../latency/latency-fit.ts";
import type { Columns } from "./columns.ts";
import type { Track } from "./router-state.ts";

/** Brings the columns up to what the latency fit says now. */
export const renewLatency = (columns: Columns, track: Track): void => {
  const { row, latency, latencyPrior } = track;
  const line = ttftLine(latency, latencyPrior);
  columns.ttftA[row] = line.a;
  columns.ttftB[row] = line.b;
  columns.load[row] = loadOf(latency);
  columns.msPerToken[row] = msPerTokenOf(latency, latencyPrior);
  columns.ttftTail[row] = latency.ttftTail;
  columns.tokenTail[row] = latency.tokenTail;
  columns.observations[row] = latency.observations;
};

/** Brings the columns up to what health says now. */
export const renewHealth = (columns: Columns, { row, health }: Track): void => {
  columns.inFlight[row] = health.inFlight;
  columns.tripped[row] = health.breaker.state === "closed" ? 0 : 1;
  columns.failed[row] = health.failures > 0 ? 1 : 0;
};
