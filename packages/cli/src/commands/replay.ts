import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import {
  comparisonPlot,
  goals,
  logPolicy,
  lowerBoundUsd,
  namedPolicy,
  openTrace,
  openWorld,
  policyNames,
  readDecisionLog,
  recording,
  runReplay,
  servePolicy,
  shownFigures,
} from "@pointsman/replay";
import type { Goal, Policy, PolicyResult } from "@pointsman/replay";
import { Command, InvalidArgumentError, Option } from "commander";
import { table } from "../output/table.ts";
import { CliError, reportingErrors } from "../setup/cli-error.ts";

type ReplayCommandOptions = {
  readonly trace?: string;
  readonly world?: string;
  readonly goal: Goal;
  readonly policy: string;
  readonly compare?: readonly string[];
  readonly log?: string;
  readonly record?: string;
  readonly seed?: number;
  readonly limit?: number;
  readonly svg?: string;
  readonly json?: true;
  readonly online?: true;
};

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("expected a whole number of at least 0.");
  }
  return value;
};

const names = (text: string): readonly string[] => text.split(",").map((name) => name.trim());

/** What a person can mend in files and names arrives as RangeError, what the file system says as it is. */
const mendable = (error: unknown): unknown => {
  const isFileError = error instanceof Error && "syscall" in error;
  return error instanceof RangeError || isFileError ? new CliError(error.message) : error;
};

/** Shows on a terminal how far a replay is; elsewhere one line when it begins. */
const progressOf = (label: string, requests: number): ((arrived: number) => void) => {
  const { isTTY } = process.stderr;
  if (!isTTY) {
    process.stderr.write(`${label}: ${requests} requests\n`);
    return () => {};
  }
  return (arrived) => {
    process.stderr.write(`\r${label}: ${arrived} of ${requests}\u001B[K`);
    if (arrived === requests) process.stderr.write("\r\u001B[K");
  };
};

type NamedPolicy = { readonly name: string; readonly policy: Policy };

const policiesOf = async (options: ReplayCommandOptions): Promise<readonly NamedPolicy[]> => {
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const named = (options.compare ?? (options.log === undefined ? [options.policy] : [])).map(
    (name) => ({ name, policy: namedPolicy(name, seed) }),
  );
  return options.log === undefined
    ? named
    : [...named, { name: "log", policy: logPolicy(await readDecisionLog(options.log)) }];
};

const resultTable = (results: readonly PolicyResult[]): string =>
  table(
    [{ head: "policy" }, ...shownFigures.map(({ head }) => ({ head, numeric: true }) as const)],
    results.map(({ policy, figures }) => [
      policy,
      ...shownFigures.map(({ of, text }) => text(of(figures))),
    ]),
  );

const compare = async (options: ReplayCommandOptions): Promise<void> => {
  if (options.trace === undefined || options.world === undefined) {
    throw new CliError("Say what to replay: --trace FILE --world FILE (or --online).");
  }
  const world = openWorld(options.world);
  const trace = await openTrace(
    options.trace,
    options.limit === undefined ? {} : { limit: options.limit },
  );
  const policies = await policiesOf(options);
  const boundUsd = lowerBoundUsd(trace, world);
  const results: PolicyResult[] = [];
  for (const { name, policy } of policies) {
    const recorded = options.record === undefined ? null : recording(policy);
    const figures = await runReplay({
      trace,
      world,
      goal: options.goal,
      policy: recorded?.policy ?? policy,
      boundUsd,
      onProgress: progressOf(name, trace.requests.length),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
    results.push({ policy: name, figures });
    if (recorded !== null && options.record !== undefined) {
      await writeFile(options.record, `${recorded.logLines().join("\n")}\n`);
    }
  }
  const title = `${trace.name} in world ${world.name}, goal ${options.goal}`;
  const note = `${trace.requests.length} requests; lower bound ${boundUsd.toFixed(3)} USD; all providers are simulated`;
  if (options.svg !== undefined)
    await writeFile(options.svg, comparisonPlot(results, { title, note }));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ trace: trace.name, world: world.name, goal: options.goal, results }, null, 2)}\n`
      : `${title}\n${note}\n\n${resultTable(results)}\n`,
  );
};

const serveOnline = async (options: ReplayCommandOptions): Promise<void> => {
  const [{ policy } = { policy: namedPolicy("pointsman") }] = await policiesOf(options);
  await servePolicy({
    policy,
    lines: createInterface({ input: process.stdin, crlfDelay: Infinity }),
    write: (line) => {
      process.stdout.write(`${line}\n`);
    },
    onBroken: (reason) => {
      process.stderr.write(`${reason}\n`);
    },
  });
  process.stdin.destroy();
};

const run = async (options: ReplayCommandOptions): Promise<void> => {
  try {
    await (options.online ? serveOnline(options) : compare(options));
  } catch (error) {
    throw mendable(error);
  }
};

/** `pointsman replay` */
export const replayCommand = (): Command =>
  new Command("replay")
    .description(
      "Replay a recorded trace against a simulated world of providers and count what a routing policy pays and how long callers wait. With --online, be the policy: speak the replay protocol on stdin and stdout.",
    )
    .option("--trace <file>", "mooncake-conversation, made-sessions, azure-conv-2023, or a file")
    .option("--world <file>", "A, B, C, or a file")
    .addOption(new Option("--goal <goal>", "what to optimise").choices(goals).default("cost-focus"))
    .addOption(
      new Option("--policy <name>", policyNames.join(", "))
        .default("pointsman")
        .conflicts(["compare", "log"]),
    )
    .option("--compare <names>", "several policies side by side, with commas between", names)
    .option("--log <file>", "replay the decisions of a decision log")
    .addOption(
      new Option("--record <file>", "write the policy's decisions as a decision log").conflicts(
        "compare",
      ),
    )
    .option("--seed <n>", "seed of the noise and of the policy", wholeNumber)
    .option("--limit <n>", "only the first n requests", wholeNumber)
    .option("--svg <file>", "write a bar plot")
    .option("--json", "print all figures as JSON")
    .addOption(
      new Option("--online", "answer a driver on stdin and stdout").conflicts([
        "trace",
        "world",
        "compare",
        "log",
        "record",
        "svg",
        "json",
        "limit",
      ]),
    )
    .action(reportingErrors(run));
