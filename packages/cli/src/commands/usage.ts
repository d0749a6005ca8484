import { Command, Option } from "commander";
import { createAdminClient } from "../admin/admin-client.ts";
import type { Json } from "../admin/admin-client.ts";
import { parseMoment } from "../admin/since.ts";
import { cellText } from "../output/cell-text.ts";
import { csv } from "../output/csv.ts";
import { table, usd } from "../output/table.ts";
import { reportingErrors } from "../setup/cli-error.ts";

type UsageOptions = {
  readonly by: "provider" | "model" | "key" | "tag";
  readonly since?: string;
  readonly until?: string;
  readonly interval?: "hour" | "day";
  readonly workspace?: string;
  readonly json?: true;
  readonly csv?: true;
};

const counts = [
  "request_count",
  "error_count",
  "rate_limit_count",
  "tokens_input",
  "tokens_output",
  "cost_usd",
] as const;

const cell = (value: unknown): string => cellText(value, "(none)");

const usageTable = (rows: readonly Json[], { by, interval }: UsageOptions): string =>
  table(
    [
      ...(interval === undefined ? [] : [{ head: interval }]),
      { head: by },
      { head: "requests", numeric: true },
      { head: "errors", numeric: true },
      { head: "rate limited", numeric: true },
      { head: "tokens in", numeric: true },
      { head: "tokens out", numeric: true },
      { head: "cost", numeric: true },
    ],
    rows.map((row) => [
      ...(interval === undefined ? [] : [cell(row["interval_start"])]),
      cell(row[by]),
      ...counts.slice(0, -1).map((name) => cell(row[name])),
      usd(Number(row["cost_usd"])),
    ]),
  );

const run = async (options: UsageOptions): Promise<void> => {
  const client = createAdminClient(process.env, options);
  const query = new URLSearchParams({ by: options.by });
  for (const name of ["since", "until", "interval"] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  const workspace = encodeURIComponent(await client.workspace());
  const answer = await client.call("GET", `/workspaces/${workspace}/usage?${query.toString()}`);
  const rows = Array.isArray(answer["data"]) ? (answer["data"] as readonly Json[]) : [];
  const columns = [
    ...(options.interval === undefined ? [] : ["interval_start"]),
    options.by,
    ...counts,
  ];
  const written = (): string => {
    if (options.json) return JSON.stringify(rows, null, 2);
    if (options.csv) return csv(columns, rows);
    return rows.length === 0 ? "Nothing was used in that time." : usageTable(rows, options);
  };
  process.stdout.write(`${written()}\n`);
};

/** `pointsman usage` */
export const usageCommand = (): Command =>
  new Command("usage")
    .description(
      "What a running gateway's requests used and cost (POINTSMAN_BASE_URL, POINTSMAN_ADMIN_KEY).",
    )
    .addOption(
      new Option("--by <what>", "what to add up by")
        .choices(["provider", "model", "key", "tag"])
        .default("model"),
    )
    .option(
      "--since <time>",
      "30m, 24h, 7d, 2w ago, or a time (default: 30 days ago)",
      parseMoment(Date.now),
    )
    .option("--until <time>", "the same (default: now)", parseMoment(Date.now))
    .addOption(new Option("--interval <width>", "a row for each").choices(["hour", "day"]))
    .option("--workspace <id>", "workspace (default: the admin key's own)")
    .addOption(new Option("--json", "print JSON").conflicts("csv"))
    .option("--csv", "print CSV")
    .action(reportingErrors(run));
