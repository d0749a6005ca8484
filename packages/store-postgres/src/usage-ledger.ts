import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type {
  LedgerEntry,
  LedgerGroup,
  LedgerQuery,
  LedgerSum,
  UsageLedger,
} from "@pointsman/store";
import type { Database } from "./database.ts";
import { bigintOf, nullableTextOf, numberOf, textOf } from "./row.ts";

/** Sums go over many rows; they have at least this long, ms. */
const sumTimeoutMs = 30_000;

const groupColumns: Readonly<Record<LedgerGroup, string>> = {
  provider: "provider",
  model: "model",
  key: "key_id",
  tag: "tag",
};

type Column = {
  readonly name: string;
  readonly type: "TEXT" | "BIGINT" | "BOOLEAN";
  readonly of: (entry: LedgerEntry) => string | number | boolean | null;
};

const columns: readonly Column[] = [
  { name: "id", type: "TEXT", of: ({ id }) => id },
  { name: "workspace_id", type: "TEXT", of: ({ workspaceId }) => workspaceId },
  { name: "key_id", type: "TEXT", of: ({ keyId }) => keyId },
  { name: "at_ms", type: "BIGINT", of: ({ atMs }) => atMs },
  { name: "provider", type: "TEXT", of: ({ provider }) => provider },
  { name: "model", type: "TEXT", of: ({ model }) => model },
  { name: "tag", type: "TEXT", of: ({ tag }) => tag },
  { name: "ends_request", type: "BOOLEAN", of: ({ endsRequest }) => endsRequest },
  { name: "outcome", type: "TEXT", of: ({ outcome }) => outcome },
  { name: "input_tokens", type: "BIGINT", of: ({ usage }) => promptTokensOf(usage) },
  { name: "output_tokens", type: "BIGINT", of: ({ usage }) => completionTokensOf(usage) },
  { name: "cost_pico_usd", type: "BIGINT", of: ({ costPicoUsd }) => costPicoUsd },
  { name: "estimated", type: "BOOLEAN", of: ({ estimated }) => estimated },
  { name: "entry", type: "TEXT", of: (entry) => JSON.stringify(entry) },
];

// Whole columns go in as arrays of text: one statement, however many entries.
const names = columns.map(({ name }) => name).join(", ");
const arrays = columns.map((_, index) => `$${index + 1}::TEXT[]`).join(", ");
const casts = columns.map(({ name, type }) => `${name}::${type}`).join(", ");
const replacements = columns.map(({ name }) => `${name} = excluded.${name}`).join(", ");

const columnOf = (entries: readonly LedgerEntry[], { of }: Column): readonly (string | null)[] =>
  entries.map((entry) => {
    const value = of(entry);
    return value === null ? null : String(value);
  });

/**
 * One entry per id, as the ledger would keep it, by id: a statement may not touch a row twice, and two
 * statements must not lock rows in different orders.
 */
const oncePerId = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  const kept = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const known = kept.get(entry.id);
    if (known === undefined || (known.estimated && !entry.estimated)) kept.set(entry.id, entry);
  }
  return [...kept.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
};

const compareGroups = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;

/** The ledger in a table. */
export class PostgresUsageLedger implements UsageLedger {
  readonly #db: Database;
  readonly #ledger: string;

  constructor(db: Database) {
    this.#db = db;
    this.#ledger = `${db.schema}.ledger`;
  }

  async record(entries: readonly LedgerEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const kept = oncePerId(entries);
    await this.#db.changes(
      `INSERT INTO ${this.#ledger} AS known (${names}) SELECT ${casts} FROM unnest(${arrays}) AS added (${names})
       ON CONFLICT (id) DO UPDATE SET ${replacements} WHERE known.estimated AND NOT excluded.estimated`,
      ...columns.map((column) => columnOf(kept, column)),
    );
  }

  async find(id: string): Promise<LedgerEntry | null> {
    const [row] = await this.#db.rows(`SELECT entry FROM ${this.#ledger} WHERE id = $1`, id);
    // Written by this store alone.
    return row === undefined ? null : (JSON.parse(textOf(row, "entry")) as LedgerEntry);
  }

  async sum(query: LedgerQuery): Promise<readonly LedgerSum[]> {
    const { workspaceId, keyId = null, sinceMs, untilMs, by, intervalMs } = query;
    const rows = await this.#db.rowsWithin(
      sumTimeoutMs,
      `SELECT ${by === undefined ? "NULL::TEXT" : groupColumns[by]} AS grouped,
         (at_ms - $1::BIGINT) / $2::BIGINT AS interval,
         count(*) FILTER (WHERE ends_request) AS requests,
         count(*) FILTER (WHERE ends_request AND outcome <> 'success') AS errors,
         count(*) FILTER (WHERE ends_request AND outcome = 'rate_limited') AS limited,
         sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cost_pico_usd) AS cost
       FROM ${this.#ledger}
       WHERE workspace_id = $3 AND at_ms >= $1 AND at_ms < $4 AND ($5::TEXT IS NULL OR key_id = $5)
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
}
