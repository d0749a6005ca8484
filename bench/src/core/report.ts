import type { Machine } from "../machine.ts";
import { machineLine } from "../machine.ts";
import type { BarChart } from "../report/bar-chart.ts";
import { renderTable } from "../report/table.ts";
import type { Spread } from "../statistics.ts";
import { figure, spreadText } from "../statistics.ts";
import type { BeliefMemory } from "./belief-memory.ts";
import type { TimeOptions } from "../timing/time-group.ts";

/** The subjects of one group; `multiple` is of the group's first subject, round by round. */
export type GroupFigures = {
  readonly group: string;
  readonly subjects: readonly {
    readonly subject: string;
    readonly nanoseconds: Spread;
    readonly multiple: Spread;
  }[];
};

export type CoreResult = {
  readonly benchmark: "core";
  readonly machine: Machine;
  readonly settings: TimeOptions;
  readonly groups: readonly GroupFigures[];
  /** What so many operations leave on the heap; `null` = not measured. */
  readonly heap: readonly {
    readonly subject: string;
    readonly operations: number;
    readonly bytes: number | null;
  }[];
  readonly beliefs: readonly BeliefMemory[];
};

const durationText = (nanoseconds: number): string => {
  if (nanoseconds < 1e3) return `${figure(nanoseconds)} ns`;
  return nanoseconds < 1e6 ? `${figure(nanoseconds / 1e3)} µs` : `${figure(nanoseconds / 1e6)} ms`;
};

const memoryText = (bytes: number | null): string => {
  if (bytes === null) return "not measured (needs --expose-gc)";
  const kib = bytes / 1024;
  return Math.abs(kib) < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
};

/** The result as text for a terminal. */
export const coreText = ({ machine, settings, groups, heap, beliefs }: CoreResult): string =>
  [
    machineLine(machine),
    `${settings.rounds} rounds of ${settings.seconds} s a subject, medians of the rounds' means`,
    "",
    renderTable(
      ["", "time", "× first (min–max)", "a second"],
      groups.flatMap(({ group, subjects }) =>
        subjects.map(({ subject, nanoseconds, multiple }, index) => [
          `${group}: ${subject}`,
          durationText(nanoseconds.median),
          index === 0 ? "1" : spreadText(multiple),
          Math.round(1e9 / nanoseconds.median).toLocaleString("en"),
        ]),
      ),
    ),
    "",
    ...heap.map(
      ({ subject, operations, bytes }) =>
        `heap left behind by ${operations.toLocaleString("en")} × ${subject}: ${memoryText(bytes)}`,
    ),
    ...beliefs.map(
      ({ conversations, heapBytes, arrayBytes }) =>
        `beliefs of ${conversations.toLocaleString("en")} conversations: typed arrays ${memoryText(
          arrayBytes,
        )}, heap ${memoryText(heapBytes)}`,
    ),
    "",
  ].join("\n");

/** Time per operation, on a logarithmic scale. */
export const coreChart = ({ machine, groups }: CoreResult): BarChart => ({
  title: "Time per operation, logarithmic",
  note: `${machine.cpu}, Node ${machine.node}, ${machine.date.slice(0, 10)}`,
  scale: "log",
  groups: groups.map(({ group, subjects }) => ({
    label: group,
    bars: subjects.map(({ subject, nanoseconds, multiple }, index) => ({
      label: subject,
      value: nanoseconds.median,
      text: `${durationText(nanoseconds.median)}${index === 0 ? "" : ` (${figure(multiple.median)} ×)`}`,
    })),
  })),
});
