import type { Ask, Lab } from "../../../test/failover/lab.ts";
import { startLab } from "../../../test/failover/lab.ts";
import type { Machine } from "../machine.ts";
import { describeMachine, loadWarning, machineLine } from "../machine.ts";
import type { BenchOptions } from "../options.ts";
import type { BarChart } from "../report/bar-chart.ts";
import { renderTable } from "../report/table.ts";
import { writeResults } from "../report/write-results.ts";
import { figure } from "../statistics.ts";
import { faults } from "./faults.ts";
import type { Fault } from "./faults.ts";

type Quantiles = { readonly p50: number; readonly p99: number };

type Figures = {
  readonly fault: string;
  readonly requests: number;
  /** Whole requests, ms. */
  readonly healthy: Quantiles;
  readonly rescued: Quantiles;
  /** Rescued over healthy, ms. */
  readonly added: Quantiles;
  /** What of it is a wait that the configuration or the provider asks for, ms. */
  readonly waitMs: number;
};

type FailoverResult = {
  readonly benchmark: "failover";
  readonly machine: Machine;
  readonly figures: readonly Figures[];
};

/** Healthy requests before each with a fault; the last is the measure. */
const warmUp = 3;

const quantilesOf = (values: readonly number[]): Quantiles => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
};

const timed = async (lab: Lab, ask: Ask): Promise<number> => {
  const got = await lab.ask(ask);
  if (!got.finished) throw new Error(`a request was not answered: ${got.body}`);
  return got.tookMs;
};

/** A gateway that knows nothing of the fault yet: a healthy request's time, and a rescued one's. */
const sample = async (fault: Fault): Promise<readonly [number, number]> => {
  const lab = await startLab(["chat", "chat"]);
  try {
    let healthy = 0;
    for (let request = 0; request < warmUp; request += 1) healthy = await timed(lab, {});
    lab.upstreams[0]?.play(...fault.acts);
    const rescued = await timed(lab, {});
    if (lab.upstreams[0]?.attempts.length === 0) throw new Error("the fault was passed by");
    return [healthy, rescued];
  } finally {
    await lab.close();
  }
};

const measure = async (fault: Fault, requests: number): Promise<Figures> => {
  const healthy: number[] = [];
  const rescued: number[] = [];
  // The first few warm up.
  for (let round = -5; round < requests; round += 1) {
    const [one, other] = await sample(fault);
    if (round < 0) continue;
    healthy.push(one);
    rescued.push(other);
  }
  const [base, more] = [quantilesOf(healthy), quantilesOf(rescued)];
  const added = quantilesOf(rescued.map((ms, at) => ms - (healthy[at] ?? 0)));
  return {
    fault: fault.name,
    requests,
    healthy: base,
    rescued: more,
    added,
    waitMs: fault.waitMs,
  };
};

const textOf = ({ machine, figures }: FailoverResult): string =>
  [
    machineLine(machine),
    `${figures[0]?.requests ?? 0} streamed requests a fault, each at a gateway that knows nothing of it; ms of the whole request`,
    "",
    renderTable(
      ["fault", "healthy p50", "rescued p50", "added p50", "added p99", "of it asked for"],
      figures.map(({ fault, healthy, rescued, added, waitMs }) => [
        fault,
        figure(healthy.p50),
        figure(rescued.p50),
        figure(added.p50),
        figure(added.p99),
        waitMs === 0 ? "" : figure(waitMs),
      ]),
    ),
    "",
  ].join("\n");

const chartOf = ({ figures, machine }: FailoverResult): BarChart => ({
  title: "A rescued request over a healthy one, ms beyond what was asked for, p50",
  note: machineLine(machine),
  scale: "linear",
  groups: [
    {
      label: "added",
      bars: figures.map(({ fault, added, waitMs }) => ({
        label: fault,
        value: Math.max(0, added.p50 - waitMs),
        text: `${figure(Math.max(0, added.p50 - waitMs))} ms`,
      })),
    },
  ],
});

/** Runs the benchmark of fail-over and reports it. */
export const benchFailover = async (options: BenchOptions): Promise<void> => {
  const machine = describeMachine();
  process.stderr.write(loadWarning(machine) ?? "");
  const requests = options.rounds ?? (options.quick ? 10 : 100);
  const figures: Figures[] = [];
  for (const fault of faults) {
    process.stderr.write(`${fault.name} … `);
    figures.push(await measure(fault, requests));
    process.stderr.write("done\n");
  }
  const result: FailoverResult = { benchmark: "failover", machine, figures };
  const paths = await writeResults(options.outDir, "failover", { result, chart: chartOf(result) });
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : textOf(result));
  process.stderr.write(`${paths.join("\n")}\n`);
};
