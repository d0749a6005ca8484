import type { IdempotencyClaim, IdempotencyOutcome, IdempotencyStore } from "@pointsman/store";
import { nullableTextOf, numberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";

type Where = { readonly scope: string; readonly key: string; readonly owner: string };

const isOver = (row: Row, nowMs: number): boolean =>
  nowMs >= numberOf(row, numberOf(row, "finished") === 1 ? "kept_until_ms" : "lease_ends_at_ms");

/** Idempotency keys in a table. */
export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  begin({ nowMs, ...claim }: IdempotencyClaim): Promise<IdempotencyOutcome> {
    return this.#db.write((): IdempotencyOutcome => {
      const { scope, key, fingerprint, owner, leaseEndsAtMs, keptUntilMs } = claim;
      const kept = this.#db.get(
        "SELECT * FROM idempotency WHERE scope = ? AND key = ?",
        scope,
        key,
      );
      if (kept !== null && !isOver(kept, nowMs)) {
        if (textOf(kept, "fingerprint") !== fingerprint) return { status: "mismatch" };
        return numberOf(kept, "finished") === 1
          ? { status: "finished", answer: nullableTextOf(kept, "answer") }
          : { status: "running", leaseEndsAtMs: numberOf(kept, "lease_ends_at_ms") };
      }
      this.#db.run("DELETE FROM idempotency WHERE scope = ? AND key = ?", scope, key);
      this.#db.run("DELETE FROM idempotency WHERE kept_until_ms <= ?", nowMs);
      this.#db.run(
        `INSERT INTO idempotency (scope, key, fingerprint, owner, lease_ends_at_ms, kept_until_ms,
           finished, answer) VALUES (?, ?, ?, ?, ?, ?, 0, NULL)`,
        scope,
        key,
        fingerprint,
        owner,
        leaseEndsAtMs,
        keptUntilMs,
      );
      return { status: "begun" };
    });
  }

  finish({
    scope,
    key,
    owner,
    answer,
  }: Where & { readonly answer: string | null }): Promise<boolean> {
    return this.#db.write(
      () =>
        this.#db.run(
          `UPDATE idempotency SET finished = 1, answer = ?
             WHERE scope = ? AND key = ? AND owner = ? AND finished = 0`,
          answer,
          scope,
          key,
          owner,
        ) === 1,
    );
  }

  release({ scope, key, owner }: Where): Promise<boolean> {
    return this.#db.write(
      () =>
        this.#db.run(
          "DELETE FROM idempotency WHERE scope = ? AND key = ? AND owner = ? AND finished = 0",
          scope,
          key,
          owner,
        ) === 1,
    );
  }
}
