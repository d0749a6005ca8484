import { describeMachine, loadWarning, machineLine } from "../machine.ts";
import type { Machine } from "../machine.ts";
import type { BenchOptions } from "../options.ts";
import type { BarChart } from "../report/bar-chart.ts";
import { renderTable } from "../report/table.ts";
import { writeResults } from "../report/write-results.ts";
import { figure, spreadOf, spreadText } from "../statistics.ts";
import type { Spread } from "../statistics.ts";
import { makeBudgets, measureStore } from "./measure.ts";
import { subjects } from "./subjects.ts";
import type { LedgerSubject } from "./subjects.ts";

type Load = { readonly inFlight: number; readonly reserve: Spread; readonly settle: Spread };

type Figures = {
  readonly store: string;
  /** µs each. */
  readonly loads: readonly Load[];
  /** A bare round trip to its server, µs; `null` = it has none. */
  readonly roundTripMicros: number | null;
};

type LedgerResult = {
  readonly benchmark: "ledger";
  readonly machine: Machine;
  readonly figures: readonly Figures[];
  /** Stores whose server is not there. */
  readonly absent: readonly string[];
};

/** Alone, and as a busy gateway has them. */
const inFlights = [1, 64] as const;

const roundTripMicros = async (once: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let count = 0; count < 500; count += 1) {
    const startedMs = performance.now();
    await once();
    times.push((performance.now() - startedMs) * 1000);
  }
  return spreadOf(times).median;
};

const measure = async (
  subject: LedgerSubject,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Figures | null> => {
  const opened = await subject.open();
  if (opened === null) return null;
  const { stores, roundTrip } = opened;
  try {
    await makeBudgets(stores);
    const loads: Load[] = [];
    for (const inFlight of inFlights) {
      await measureStore(stores, { inFlight, seconds });
      const measured = [];
      for (let round = 0; round < rounds; round += 1) {
        measured.push(await measureStore(stores, { inFlight, seconds }));
      }
      loads.push({
        inFlight,
        reserve: spreadOf(measured.map(({ reserveMicros }) => reserveMicros)),
        settle: spreadOf(measured.map(({ settleMicros }) => settleMicros)),
      });
    }
    return {
      store: subject.name,
      loads,
      roundTripMicros: roundTrip === null ? null : await roundTripMicros(roundTrip),
    };
  } finally {
    await opened.close();
  }
};

const textOf = ({ machine, figures, absent }: LedgerResult): string =>
  [
    machineLine(machine),
    "µs a step over two budgets, median (range) of the rounds; with several in flight: amortised",
    "",
    renderTable(
      ["store", "in flight", "reserve", "settle", "bare round trip"],
      figures.flatMap(({ store, loads, roundTripMicros: bare }) =>
        loads.map(({ inFlight, reserve, settle }) => [
          store,
          String(inFlight),
          spreadText(reserve),
          spreadText(settle),
          bare === null || inFlight > 1 ? "" : figure(bare),
        ]),
      ),
    ),
    ...(absent.length === 0 ? [] : ["", `Not there: ${absent.join(", ")}.`]),
    "",
  ].join("\n");

const chartOf = ({ figures, machine }: LedgerResult): BarChart => ({
  title: "A reservation over two budgets, µs",
  note: machineLine(machine),
  scale: "log",
  groups: inFlights.map((inFlight) => ({
    label: inFlight === 1 ? "alone" : `${inFlight} in flight, amortised`,
    bars: figures.flatMap(({ store, loads }) =>
      loads
        .filter((load) => load.inFlight === inFlight)
        .map(({ reserve }) => ({
          label: store,
          value: reserve.median,
          text: `${figure(reserve.median)} µs`,
        })),
    ),
  })),
});

/** Runs the benchmark of stores and reports it. */
export const benchLedger = async (options: BenchOptions): Promise<void> => {
  const machine = describeMachine();
  process.stderr.write(loadWarning(machine) ?? "");
  const rounds = options.rounds ?? (options.quick ? 3 : 7);
  const seconds = options.seconds ?? (options.quick ? 0.1 : 0.4);
  const figures: Figures[] = [];
  const absent: string[] = [];
  for (const subject of subjects) {
    process.stderr.write(`${subject.name} … `);
    const measured = await measure(subject, { rounds, seconds });
    if (measured === null) absent.push(subject.name);
    else figures.push(measured);
    process.stderr.write(measured === null ? "not there\n" : "done\n");
  }
  const result: LedgerResult = { benchmark: "ledger", machine, figures, absent };
  const paths = await writeResults(options.outDir, "ledger", { result, chart: chartOf(result) });
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : textOf(result));
  process.stderr.write(`${paths.join("\n")}\n`);
};
