import { createMemoryUsageLedger } from "@pointsman/store";
import type { LedgerEntry, LedgerQuery, LedgerSum, UsageLedger } from "@pointsman/store";
import { listOf, textOf } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** Entries that are asked for at once. */
const chunk = 1000;

const entryOf = (kept: string): LedgerEntry =>
  // Written by this store alone, after a letter that says how certain it is.
  JSON.parse(kept.slice(1)) as LedgerEntry;

/**
 * The ledger, all of it in the server's memory and on one node of a cluster; sums read every entry of
 * their time. For small installations: another store may keep the ledger instead.
 */
export class RedisUsageLedger implements UsageLedger {
  readonly #redis: Connection;
  readonly #base: string;

  constructor(redis: Connection) {
    this.#redis = redis;
    this.#base = `${redis.prefix}:{ledger}`;
  }

  async record(entries: readonly LedgerEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#redis.run(
      "ledgerRecord",
      this.#base,
      ...entries.flatMap((entry) => [
        entry.id,
        entry.workspaceId,
        entry.atMs,
        entry.estimated ? "e" : "x",
        JSON.stringify(entry),
      ]),
    );
  }

  async find(id: string): Promise<LedgerEntry | null> {
    return (await this.#entries([id]))[0] ?? null;
  }

  async sum(query: LedgerQuery): Promise<readonly LedgerSum[]> {
    const { workspaceId, sinceMs, untilMs } = query;
    const found = await this.#redis.run("ledgerIds", this.#base, workspaceId, sinceMs, untilMs);
    const ids = listOf(found).map((id) => textOf(id));
    const ledger = createMemoryUsageLedger();
    for (let at = 0; at < ids.length; at += chunk) {
      // One after the other, so that others get between.
      await ledger.record(await this.#entries(ids.slice(at, at + chunk)));
    }
    return ledger.sum(query);
  }

  async #entries(ids: readonly string[]): Promise<readonly LedgerEntry[]> {
    const found = await this.#redis.run("ledgerEntries", this.#base, ...ids);
    return listOf(found).flatMap((kept) => (typeof kept === "string" ? [entryOf(kept)] : []));
  }
}
