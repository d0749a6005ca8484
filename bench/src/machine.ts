import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where and when figures were measured. */
export type Machine = {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  /** One-minute load average before the run. */
  readonly loadBefore: number;
};

export const describeMachine = (): Machine => ({
  date: new Date().toISOString(),
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
  loadBefore: loadavg()[0] ?? 0,
});

/** One line about the machine. */
export const machineLine = (machine: Machine): string =>
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, load ${machine.loadBefore.toFixed(2)}, ${machine.date.slice(0, 10)}`;

/** A warning if something else keeps more than a quarter of the cores busy, else `null`. */
export const loadWarning = (machine: Machine): string | null =>
  machine.loadBefore > machine.cores / 4
    ? `warning: load average is ${machine.loadBefore.toFixed(2)} on ${machine.cores} cores before the run; figures will be noisy\n`
    : null;
