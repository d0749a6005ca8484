import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const readTicksPerSecond = (): number => {
  try {
    return Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  } catch {
    // USER_HZ is 100 on every architecture Node runs on.
    return 100;
  }
};
const ticksPerSecond = readTicksPerSecond();

/** `[[dd-]hh:]mm:ss[.cc]` as `ps` prints it, in seconds. */
const parsePsTime = (text: string): number => {
  const [clock = "", days = "0"] = text.trim().split("-").toReversed();
  const withinDay = clock.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
  return Number(days) * 86_400 + withinDay;
};

/**
 * CPU time a process has used so far, user and system, all threads, in microseconds. Resolution is
 * one tick (10 ms) on Linux and what `ps` prints elsewhere.
 */
export const cpuTimeMicros = (pid: number): number => {
  if (process.platform !== "linux")
    return (
      parsePsTime(execFileSync("ps", ["-o", "time=", "-p", `${pid}`], { encoding: "utf8" })) * 1e6
    );
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the command in parentheses, which may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // proc_pid_stat(5): utime and stime are fields 14 and 15; the first here is field 3.
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
};
