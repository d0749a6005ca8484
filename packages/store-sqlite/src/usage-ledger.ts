import { completionTokensOf, emptyUsage, promptTokensOf, usageBuckets } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type {
  LedgerEntry,
  LedgerGroup,
  LedgerQuery,
  LedgerSum,
  UsageLedger,
} from "@pointsman/store";
import { bigintOf, nullableTextOf, numberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";

const columns: Readonly<Record<LedgerGroup, string>> = {
  provider: "provider",
  model: "model",
  key: "key_id",
  tag: "tag",
};

const compareGroups = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;

/** Only what is not zero: a row of most answers is a third shorter. */
const usageText = (usage: Usage): string => {
  const filled: Partial<Record<keyof Usage, number>> = {};
  for (const bucket of usageBuckets) {
    const count = usage[bucket];
    if (count !== undefined && count !== 0) filled[bucket] = count;
  }
  return JSON.stringify(filled);
};

/** Written by this store alone, formerly with its zeros. */
const usageOf = (text: string): Usage => ({
  ...emptyUsage,
  ...(JSON.parse(text) as Partial<Usage>),
});

const entryOf = (row: Row): LedgerEntry => ({
  id: textOf(row, "id"),
  requestId: textOf(row, "request_id"),
  workspaceId: textOf(row, "workspace_id"),
  keyId: nullableTextOf(row, "key_id"),
  atMs: numberOf(row, "at_ms"),
  provider: nullableTextOf(row, "provider"),
  model: nullableTextOf(row, "model"),
  tag: nullableTextOf(row, "tag"),
  endsRequest: numberOf(row, "ends_request") === 1,
  // Written by this store alone.
  outcome: textOf(row, "outcome") as LedgerEntry["outcome"],
  usage: usageOf(textOf(row, "usage")),
  costPicoUsd: numberOf(row, "cost_pico_usd"),
  estimated: numberOf(row, "estimated") === 1,
  byok: numberOf(row, "byok") === 1,
});

const columnNames = [
  "id",
  "request_id",
  "workspace_id",
  "key_id",
  "at_ms",
  "provider",
  "model",
  "tag",
  "ends_request",
  "outcome",
  "input_tokens",
  "output_tokens",
  "cost_pico_usd",
  "estimated",
  "byok",
  "usage",
] as const;

/** An entry that is there already stays, unless it is an estimate and the new one is none. */
const insertion = `INSERT INTO ledger (${columnNames.join(", ")})
  VALUES (${columnNames.map(() => "?").join(", ")})
  ON CONFLICT (id) DO UPDATE SET
    ${columnNames
      .slice(1)
      .map((name) => `${name} = excluded.${name}`)
      .join(", ")}
  WHERE ledger.estimated = 1 AND excluded.estimated = 0`;

/** The ledger in a table. */
export class SqliteUsageLedger implements UsageLedger {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async record(entries: readonly LedgerEntry[]): Promise<void> {
    await this.#db.write(() => {
      for (const entry of entries) this.#insert(entry);
    });
  }

  async find(id: string): Promise<LedgerEntry | null> {
    const row = this.#db.get("SELECT * FROM ledger WHERE id = ?", id);
    return row === null ? null : entryOf(row);
  }

  async sum(query: LedgerQuery): Promise<readonly LedgerSum[]> {
    const { workspaceId, keyId = null, sinceMs, untilMs, by, intervalMs } = query;
    const group = by === undefined ? "NULL" : columns[by];
    const rows = this.#db.all(
      `SELECT ${group} AS grouped, CAST((at_ms - ?1) / ?2 AS INTEGER) AS interval,
         sum(ends_request) AS requests,
         sum(ends_request AND outcome <> 'success') AS errors,
         sum(ends_request AND outcome = 'rate_limited') AS limited,
         sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cost_pico_usd) AS cost
       FROM ledger
       WHERE workspace_id = ?3 AND at_ms >= ?1 AND at_ms < ?4 AND (?5 IS NULL OR key_id = ?5)
       GROUP BY grouped, interval`,
      sinceMs,
      // One interval that holds everything.
      intervalMs ?? Math.max(1, untilMs - sinceMs),
      workspaceId,
      untilMs,
      keyId,
    );
    return rows
      .map((row) => ({
        group: nullableTextOf(row, "grouped"),
        intervalStartMs: sinceMs + numberOf(row, "interval") * (intervalMs ?? 0),
        requestCount: numberOf(row, "requests"),
        errorCount: numberOf(row, "errors"),
        rateLimitCount: numberOf(row, "limited"),
        inputTokens: bigintOf(row, "input"),
        outputTokens: bigintOf(row, "output"),
        costPicoUsd: bigintOf(row, "cost"),
      }))
      .sort((a, b) => a.intervalStartMs - b.intervalStartMs || compareGroups(a.group, b.group));
  }

  #insert(entry: LedgerEntry): void {
    const { usage } = entry;
    this.#db.run(
      insertion,
      entry.id,
      entry.requestId,
      entry.workspaceId,
      entry.keyId,
      entry.atMs,
      entry.provider,
      entry.model,
      entry.tag,
      entry.endsRequest ? 1 : 0,
      entry.outcome,
      promptTokensOf(usage),
      completionTokensOf(usage),
      entry.costPicoUsd,
      entry.estimated ? 1 : 0,
      entry.byok ? 1 : 0,
      usageText(usage),
    );
  }
}
