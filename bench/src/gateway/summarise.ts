import type { Machine } from "../machine.ts";
import type { Spread } from "../statistics.ts";
import { pairedRatios, spreadOf } from "../statistics.ts";
import type { Round } from "./measure.ts";
import type { aim, references } from "./references.ts";
import type { RunningServer } from "./servers/server.ts";
import type { WorkloadName } from "./workloads.ts";

type Summary = Readonly<Record<keyof Round, Spread>>;

/** One server on one workload; `multiples` are of the reference server, round by round. */
export type ServerFigures = {
  readonly server: string;
  readonly figures: Summary;
  readonly multiples: Summary;
};

export type WorkloadFigures = {
  readonly workload: WorkloadName;
  readonly title: string;
  readonly servers: readonly ServerFigures[];
};

export type GatewayResult = {
  readonly benchmark: "gateway";
  readonly machine: Machine;
  readonly settings: {
    readonly rounds: number;
    readonly seconds: number;
    readonly concurrency: number;
  };
  readonly servers: readonly { readonly name: string; readonly command: string }[];
  /** In a closed loop. */
  readonly workloads: readonly WorkloadFigures[];
  /** The same, every server at the same rate. */
  readonly sameRate: readonly WorkloadFigures[];
  readonly aim: typeof aim;
  readonly references: typeof references;
};

const summary = (each: (key: keyof Round) => Spread): Summary => ({
  cpuMicrosPerRequest: each("cpuMicrosPerRequest"),
  p50Ms: each("p50Ms"),
  p99Ms: each("p99Ms"),
  requestsPerSecond: each("requestsPerSecond"),
});

/** Rounds of each server (same order as `servers`, the reference first) to figures. */
export const summariseWorkload = (
  servers: readonly RunningServer[],
  roundsByServer: readonly (readonly Round[])[],
): readonly ServerFigures[] => {
  const column = (server: number, key: keyof Round): readonly number[] =>
    (roundsByServer[server] ?? []).map((round) => round[key]);
  return servers.map(({ name }, index) => ({
    server: name,
    figures: summary((key) => spreadOf(column(index, key))),
    multiples: summary((key) => pairedRatios(column(index, key), column(0, key))),
  }));
};
