import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type {
  LedgerEntry,
  LedgerGroup,
  LedgerQuery,
  LedgerSum,
  UsageLedger,
} from "@pointsman/store";
import { bigintOf, nullableTextOf, numberOf, textOf } from "./database.ts";
import type { Database } from "./database.ts";

const columns: Readonly<Record<LedgerGroup, string>> = {
  provider: "provider",
  model: "model",
  key: "key_id",
  tag: "tag",
};

const compareGroups = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;

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
    const row = this.#db.get("SELECT entry FROM ledger WHERE id = ?", id);
    // Written by this store alone.
    return row === null ? null : (JSON.parse(textOf(row, "entry")) as LedgerEntry);
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
    this.#db.run(
      `INSERT INTO ledger (id, workspace_id, key_id, at_ms, provider, model, tag, ends_request, outcome,
         input_tokens, output_tokens, cost_pico_usd, estimated, entry)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         workspace_id = excluded.workspace_id, key_id = excluded.key_id, at_ms = excluded.at_ms,
         provider = excluded.provider, model = excluded.model, tag = excluded.tag,
         ends_request = excluded.ends_request, outcome = excluded.outcome,
         input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
         cost_pico_usd = excluded.cost_pico_usd, estimated = excluded.estimated, entry = excluded.entry
       WHERE ledger.estimated = 1 AND excluded.estimated = 0`,
      entry.id,
      entry.workspaceId,
      entry.keyId,
      entry.atMs,
      entry.provider,
      entry.model,
      entry.tag,
      entry.endsRequest ? 1 : 0,
      entry.outcome,
      promptTokensOf(entry.usage),
      completionTokensOf(entry.usage),
      entry.costPicoUsd,
      entry.estimated ? 1 : 0,
      JSON.stringify(entry),
    );
  }
}
