import type { Machine } from "../machine.ts";
import { describeMachine, loadWarning, machineLine } from "../machine.ts";
import type { BenchOptions } from "../options.ts";
import type { BarChart } from "../report/bar-chart.ts";
import { renderTable } from "../report/table.ts";
import { writeResults } from "../report/write-results.ts";
import type { Spread } from "../statistics.ts";
import { figure, pairedRatios, spreadOf, spreadText } from "../statistics.ts";
import { heapGrowthBytes } from "../timing/heap-growth.ts";
import type { TimeOptions } from "../timing/time-group.ts";
import { consumed, timeGroup } from "../timing/time-group.ts";
import { translateGroups } from "./subjects.ts";

type Figures = {
  readonly group: string;
  readonly subject: string;
  /** Of one event of a stream, or of one request. */
  readonly nanoseconds: Spread;
  readonly multiple: Spread;
  readonly megabytesPerSecond: number;
  readonly aim: number | null;
  /** Heap that 2,000 operations leave behind; `null` = not measured. */
  readonly heapBytes: number | null;
};

type TranslateResult = {
  readonly benchmark: "translate";
  readonly machine: Machine;
  readonly settings: TimeOptions;
  readonly figures: readonly Figures[];
};

const textOf = ({ machine, settings, figures }: TranslateResult): string =>
  [
    machineLine(machine),
    `${settings.rounds} rounds of ${settings.seconds} s a subject, medians of the rounds' means; streams by the event`,
    "",
    renderTable(
      ["", "ns", "× first (min–max)", "aim", "MB/s"],
      figures.map(({ group, subject, nanoseconds, multiple, aim, megabytesPerSecond }) => [
        `${group}: ${subject}`,
        figure(nanoseconds.median),
        spreadText(multiple),
        aim === null ? "" : `≤ ${aim}`,
        figure(megabytesPerSecond),
      ]),
    ),
    "",
  ].join("\n");

const chartOf = ({ figures, machine }: TranslateResult): BarChart => {
  const groups = [...new Set(figures.map(({ group }) => group))].filter((one) =>
    one.endsWith("1000"),
  );
  return {
    title: "Cost of a streamed event, multiples of JSON.parse + JSON.stringify",
    note: machineLine(machine),
    scale: "linear",
    groups: groups.map((group) => ({
      label: group,
      goal: { value: 3, text: "aim" },
      bars: figures
        .filter((one) => one.group === group)
        .map(({ subject, multiple }) => ({
          label: subject.replace("JSON.parse + JSON.stringify of each event", "parse + stringify"),
          value: multiple.median,
          text: `${figure(multiple.median)} ×`,
        })),
    })),
  };
};

/** Runs the benchmark of translation and reports it. */
export const benchTranslate = async (options: BenchOptions): Promise<void> => {
  const machine = describeMachine();
  process.stderr.write(loadWarning(machine) ?? "");
  const settings: TimeOptions = {
    rounds: options.rounds ?? (options.quick ? 3 : 7),
    seconds: options.seconds ?? (options.quick ? 0.05 : 0.2),
  };
  const figures: Figures[] = [];
  for (const group of translateGroups()) {
    const times = await timeGroup(group, settings);
    for (const [index, subject] of group.subjects.entries()) {
      const own = (times[index] ?? []).map((nanoseconds) => nanoseconds / group.units);
      const nanoseconds = spreadOf(own);
      figures.push({
        group: group.name,
        subject: subject.name,
        nanoseconds,
        multiple: pairedRatios(times[index] ?? [], times[0] ?? []),
        megabytesPerSecond: (group.bytes / group.units / nanoseconds.median) * 1000,
        aim: group.aims[subject.name] ?? null,
        heapBytes: heapGrowthBytes(subject, 2000 / Math.max(1, group.units / 50)),
      });
    }
    process.stderr.write(`${group.name}: done\n`);
  }
  if (!Number.isFinite(consumed())) throw new Error("a result was no finite number");
  const result: TranslateResult = { benchmark: "translate", machine, settings, figures };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : textOf(result));
  const output = { result, chart: chartOf(result) };
  const paths = await writeResults(options.outDir, "translate", output);
  process.stderr.write(`written: ${paths.join(", ")}\n`);
};
