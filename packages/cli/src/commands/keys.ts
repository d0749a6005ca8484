import { Command, InvalidArgumentError, Option } from "commander";
import { createAdminClient, listAll } from "../admin/admin-client.ts";
import type { AdminClient, Json } from "../admin/admin-client.ts";
import { cellText as text } from "../output/cell-text.ts";
import { table, usd } from "../output/table.ts";
import { reportingErrors } from "../setup/cli-error.ts";

type Common = { readonly workspace?: string; readonly json?: true };

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
};

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

const clientOf = (options: Common): AdminClient => createAdminClient(process.env, options);

const pathOf = async (client: AdminClient): Promise<string> =>
  `/workspaces/${encodeURIComponent(await client.workspace())}/api-keys`;

type CreateOptions = Common & {
  readonly scope?: readonly string[];
  readonly rpm?: number;
  readonly expires?: string;
  readonly budgetUsd?: number;
  readonly period: string;
};

const create = async (name: string, options: CreateOptions): Promise<void> => {
  const client = clientOf(options);
  const { scope, rpm, expires, budgetUsd, period } = options;
  const budget =
    budgetUsd === undefined
      ? {}
      : { budget: { limit_usd: budgetUsd, enforce: true, include_byok: false, period } };
  const key = await client.call("POST", await pathOf(client), {
    name,
    ...(scope === undefined ? {} : { scopes: scope }),
    ...(rpm === undefined ? {} : { rate_limit_rpm: rpm }),
    ...(expires === undefined ? {} : { expires_at: new Date(expires).toISOString() }),
    ...budget,
  });
  if (options.json) return printJson(key);
  print(
    `${text(key["api_key"])}\n\nThis is shown once. Id ${text(key["id"])}; revoke it with: pointsman keys revoke ${text(key["id"])}`,
  );
};

const list = async (options: Common): Promise<void> => {
  const client = clientOf(options);
  const keys = await listAll(client, await pathOf(client));
  if (options.json) return printJson(keys);
  const rows = keys.map((key) => [
    text(key["id"]),
    text(key["name"]),
    `${text(key["key_prefix"])}…`,
    Array.isArray(key["scopes"]) ? key["scopes"].join(" ") : "",
    key["is_active"] === true ? "active" : "off",
    text(key["rate_limit_rpm"]),
    text(key["expires_at"], "never"),
    text(key["last_used_at"], "never"),
  ]);
  const heads = ["id", "name", "key", "scopes", "state", "rpm", "expires", "last used"];
  print(
    rows.length === 0
      ? "No keys; make one with: pointsman keys create NAME"
      : table(
          heads.map((head) => (head === "rpm" ? { head, numeric: true } : { head })),
          rows,
        ),
  );
};

const revoke = async (id: string, options: Common): Promise<void> => {
  const client = clientOf(options);
  const gone = await client.call("DELETE", `${await pathOf(client)}/${encodeURIComponent(id)}`);
  if (options.json) printJson(gone);
  else print(`Revoked ${id}: it opens nothing from now on.`);
};

const usage = async (id: string, options: Common & { readonly period: string }): Promise<void> => {
  const client = clientOf(options);
  const path = `${await pathOf(client)}/${encodeURIComponent(id)}/usage?period=${options.period}`;
  const used: Json = await client.call("GET", path);
  if (options.json) return printJson(used);
  print(
    table(
      [
        { head: "period" },
        { head: "requests", numeric: true },
        { head: "errors", numeric: true },
        { head: "tokens in", numeric: true },
        { head: "tokens out", numeric: true },
        { head: "cost", numeric: true },
      ],
      [
        [
          options.period,
          text(used["request_count"]),
          text(used["error_count"]),
          text(used["tokens_input"]),
          text(used["tokens_output"]),
          usd(Number(used["cost_usd"])),
        ],
      ],
    ),
  );
};

const common = (command: Command): Command =>
  command
    .option("--workspace <id>", "workspace (default: the admin key's own)")
    .option("--json", "print JSON");

/** `pointsman keys create|list|revoke|usage` */
export const keysCommand = (): Command =>
  new Command("keys")
    .description(
      "Make, list and revoke keys of a running gateway (POINTSMAN_BASE_URL, POINTSMAN_ADMIN_KEY). What is revoked opens nothing from the next request on.",
    )
    .addCommand(
      common(new Command("create"))
        .description("Make a key; it is shown once.")
        .argument("<name>", "what it is for")
        .option("--scope <scope>", "scope, may be repeated (default: inference)", collect)
        .option("--rpm <n>", "requests a minute", positive)
        .option("--expires <time>", "time from which on it is refused")
        .option("--budget-usd <amount>", "enforced budget of its own", positive)
        .addOption(
          new Option("--period <period>", "period of that budget")
            .choices(["daily", "weekly", "monthly", "total"])
            .default("monthly"),
        )
        .action(reportingErrors(create)),
    )
    .addCommand(common(new Command("list")).description("List keys.").action(reportingErrors(list)))
    .addCommand(
      common(new Command("revoke"))
        .description("Revoke a key, at once and for good.")
        .argument("<id>", "id of the key, as `list` shows it")
        .action(reportingErrors(revoke)),
    )
    .addCommand(
      common(new Command("usage"))
        .description("What a key used.")
        .argument("<id>", "id of the key")
        .addOption(
          new Option("--period <period>", "how far back")
            .choices(["day", "week", "month"])
            .default("month"),
        )
        .action(reportingErrors(usage)),
    );
