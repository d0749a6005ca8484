import { describeMachine, loadWarning } from "../machine.ts";
import type { BenchOptions } from "../options.ts";
import { writeResults } from "../report/write-results.ts";
import { pairedRatios, spreadOf } from "../statistics.ts";
import { beliefMemory } from "./belief-memory.ts";
import { heapGrowthBytes } from "../timing/heap-growth.ts";
import type { CoreResult, GroupFigures } from "./report.ts";
import { coreChart, coreText } from "./report.ts";
import type { SubjectGroup } from "../timing/subject.ts";
import { heapSubjects, subjectGroups } from "./subjects.ts";
import type { TimeOptions } from "../timing/time-group.ts";
import { consumed, timeGroup } from "../timing/time-group.ts";

const figuresOf = async (group: SubjectGroup, options: TimeOptions): Promise<GroupFigures> => {
  const times = await timeGroup(group, options);
  return {
    group: group.name,
    subjects: group.subjects.map(({ name }, index) => ({
      subject: name,
      nanoseconds: spreadOf(times[index] ?? []),
      multiple: pairedRatios(times[index] ?? [], times[0] ?? []),
    })),
  };
};

/** Runs the core benchmark and reports it. */
export const benchCore = async (options: BenchOptions): Promise<void> => {
  const machine = describeMachine();
  process.stderr.write(loadWarning(machine) ?? "");
  const settings: TimeOptions = {
    rounds: options.rounds ?? (options.quick ? 3 : 7),
    seconds: options.seconds ?? (options.quick ? 0.05 : 0.2),
  };
  // Before the timing: memory that the compiler takes then would be counted here.
  const operations = options.quick ? 100_000 : 1_000_000;
  const heap = heapSubjects().map((subject) => ({
    subject: subject.name,
    operations,
    bytes: heapGrowthBytes(subject, operations),
  }));
  process.stderr.write("heap: done\n");
  const beliefs = beliefMemory(options.quick ? [10_000] : [100_000, 200_000]);
  process.stderr.write("beliefs: done\n");
  const groups: GroupFigures[] = [];
  for (const group of subjectGroups()) {
    groups.push(await figuresOf(group, settings));
    process.stderr.write(`${group.name}: done\n`);
  }
  if (!Number.isFinite(consumed())) throw new Error("a result was no finite number");
  const result: CoreResult = { benchmark: "core", machine, settings, groups, heap, beliefs };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : coreText(result));
  const paths = await writeResults(options.outDir, "core", { result, chart: coreChart(result) });
  process.stderr.write(`written: ${paths.join(", ")}\n`);
};
