import {
  HEALTH_FAILED,
  HEALTH_TRIPPED,
  OFFERING_HEALTH,
  OFFERING_IN_FLIGHT,
  OFFERING_LOAD,
  OFFERING_MS_PER_TOKEN,
  OFFERING_OBSERVATIONS,
  OFFERING_TOKEN_TAIL,
  OFFERING_TTFT_A,
  OFFERING_TTFT_B,
  OFFERING_TTFT_TAIL,
  setBit,
  setOffering,
} from "./columns.ts";
import { loadOf, msPerTokenOf, ttftLine } from "../latency/latency-fit.ts";
import type { Columns } from "./columns.ts";
import type { Track } from "./router-state.ts";

/** Brings the columns up to what the latency fit says now. */
export const renewLatency = (columns: Columns, track: Track): void => {
  const { row, latency, latencyPrior } = track;
  const line = ttftLine(latency, latencyPrior);
  setOffering(columns, row, OFFERING_TTFT_A, line.a);
  setOffering(columns, row, OFFERING_TTFT_B, line.b);
  setOffering(columns, row, OFFERING_LOAD, loadOf(latency));
  setOffering(columns, row, OFFERING_MS_PER_TOKEN, msPerTokenOf(latency, latencyPrior));
  setOffering(columns, row, OFFERING_TTFT_TAIL, latency.ttftTail);
  setOffering(columns, row, OFFERING_TOKEN_TAIL, latency.tokenTail);
  setOffering(columns, row, OFFERING_OBSERVATIONS, latency.observations);
};

/** Brings the columns up to what health says now. */
export const renewHealth = (columns: Columns, { row, health }: Track): void => {
  setOffering(columns, row, OFFERING_IN_FLIGHT, health.inFlight);
  const tripped = health.breaker.state === "closed" ? 0 : HEALTH_TRIPPED;
  const failed = health.failures > 0 ? HEALTH_FAILED : 0;
  setBit(columns, row, OFFERING_HEALTH, tripped | failed);
};
