import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "../process/child.ts";
import { cpuTimeMicros } from "../process/cpu-time.ts";
import type { LoadOrder } from "./load.ts";
import type { RunningServer } from "./servers/server.ts";
import type { WorkloadName } from "./workloads.ts";

/** One server, one workload, one round. */
export type Round = {
  readonly cpuMicrosPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requestsPerSecond: number;
};

export type RoundOptions = {
  readonly load: Child;
  readonly server: RunningServer;
  readonly workload: WorkloadName;
  readonly seconds: number;
  readonly concurrency: number;
  /** `null` = a closed loop. */
  readonly requestsPerSecond: number | null;
};

const numberOf = (message: Readonly<Record<string, unknown>>, key: string): number => {
  const value = message[key];
  if (typeof value !== "number") throw new Error(`the load generator's report lacks ${key}`);
  return value;
};

/** Runs one round of load. Throws if a single answer was wrong: no figure without an answer. */
export const measureRound = async (options: RoundOptions): Promise<Round> => {
  const { load, server, workload, seconds, concurrency, requestsPerSecond } = options;
  const order: LoadOrder = {
    url: server.url,
    apiKey: server.apiKey,
    workload,
    seconds,
    concurrency,
    requestsPerSecond,
  };
  const cpuBefore = cpuTimeMicros(server.pid);
  load.send(order);
  const report = await load.nextMessage(seconds * 1000 + 30_000);
  // What a server does after its answers (settling, logs) is part of what a request costs.
  await sleep(100);
  const cpuMicros = cpuTimeMicros(server.pid) - cpuBefore;
  const requests = numberOf(report, "requests");
  const failures = numberOf(report, "failures");
  if (failures > 0)
    throw new Error(
      `${server.name}, ${workload}: ${failures} of ${requests} answers were wrong: ${String(report["firstFailure"])}`,
    );
  return {
    cpuMicrosPerRequest: cpuMicros / requests,
    p50Ms: numberOf(report, "p50Ms"),
    p99Ms: numberOf(report, "p99Ms"),
    requestsPerSecond: requests / numberOf(report, "seconds"),
  };
};
