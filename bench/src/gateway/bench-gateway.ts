import { fileURLToPath } from "node:url";
import { describeMachine, loadWarning } from "../machine.ts";
import type { BenchOptions } from "../options.ts";
import type { Child } from "../process/child.ts";
import { startChild } from "../process/child.ts";
import { urlOf } from "../process/message.ts";
import { writeResults } from "../report/write-results.ts";
import type { Round } from "./measure.ts";
import { measureRound } from "./measure.ts";
import { aim, references } from "./references.ts";
import { gatewayChart, gatewayText } from "./report.ts";
import type { RunningServer } from "./servers/server.ts";
import { startServers } from "./servers/start-servers.ts";
import type { GatewayResult, WorkloadFigures } from "./summarise.ts";
import { summariseWorkload } from "./summarise.ts";
import type { Workload } from "./workloads.ts";
import { workloads } from "./workloads.ts";

const upstreamProcess = new URL("./upstream-process.ts", import.meta.url);
const loadProcess = new URL("./load-process.ts", import.meta.url);

/** A shorter warm-up leaves a server half compiled. */
const leastWarmUpSeconds = 2;

type Plan = {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrency: number;
};

const planOf = (options: BenchOptions): Plan => ({
  rounds: options.rounds ?? (options.quick ? 3 : 5),
  seconds: options.seconds ?? (options.quick ? 1 : 4),
  concurrency: options.concurrency,
});

/** How load is put on. */
type Driving = {
  readonly load: Child;
  readonly plan: Plan;
  /** `null` = a closed loop. */
  readonly requestsPerSecond: number | null;
};

const progress = (text: string): void => {
  process.stderr.write(text);
};

/** Round 0 warms up and does not count; every other round turns the order of the servers round. */
const runWorkload = async (
  workload: Workload,
  servers: readonly RunningServer[],
  { load, plan, requestsPerSecond }: Driving,
): Promise<WorkloadFigures> => {
  const rounds = servers.map((): Round[] => []);
  const title =
    requestsPerSecond === null ? workload.title : `${workload.title}, ${requestsPerSecond}/s`;
  progress(`${title}: warm-up`);
  for (let round = 0; round <= plan.rounds; round += 1) {
    const order = [...servers.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [index, server] of order) {
      const { concurrency } = plan;
      const seconds = round === 0 ? Math.max(plan.seconds, leastWarmUpSeconds) : plan.seconds;
      const measured = await measureRound({
        load,
        server,
        workload: workload.name,
        seconds,
        concurrency,
        requestsPerSecond,
      });
      if (round > 0) rounds[index]?.push(measured);
    }
    progress(round < plan.rounds ? `, ${round + 1}` : "\n");
  }
  return {
    workload: workload.name,
    title,
    servers: summariseWorkload(servers, rounds),
  };
};

/** Runs the gateway benchmark and reports it. Everything it starts is gone when it settles. */
export const benchGateway = async (options: BenchOptions): Promise<void> => {
  const machine = describeMachine();
  progress(loadWarning(machine) ?? "");
  const plan = planOf(options);
  const upstream = startChild("upstream", [fileURLToPath(upstreamProcess)]);
  const load = startChild("load generator", [fileURLToPath(loadProcess)]);
  let servers: readonly RunningServer[] = [];
  try {
    servers = await startServers(options.servers, await urlOf(upstream, 10_000));
    const measured: WorkloadFigures[] = [];
    const paced: WorkloadFigures[] = [];
    for (const workload of workloads) {
      const closed = { load, plan, requestsPerSecond: null };
      measured.push(await runWorkload(workload, servers, closed));
      const { requestsPerSecond } = workload;
      paced.push(await runWorkload(workload, servers, { load, plan, requestsPerSecond }));
    }
    const result: GatewayResult = {
      benchmark: "gateway",
      machine,
      settings: plan,
      servers: servers.map(({ name, command }) => ({ name, command })),
      workloads: measured,
      sameRate: paced,
      aim,
      references,
    };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : gatewayText(result));
    const paths = await writeResults(options.outDir, "gateway", {
      result,
      chart: gatewayChart(result),
    });
    progress(`written: ${paths.join(", ")}\n`);
  } finally {
    await Promise.all([upstream, load, ...servers].map((running) => running.stop()));
  }
};
