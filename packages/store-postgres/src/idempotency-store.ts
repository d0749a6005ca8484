import type { IdempotencyClaim, IdempotencyOutcome, IdempotencyStore } from "@pointsman/store";
import type { Database } from "./database.ts";
import { nullableTextOf, numberOf, textOf } from "./row.ts";

type Where = { readonly scope: string; readonly key: string; readonly owner: string };

const forgetEvery = 1000;

/** Idempotency keys in a table. */
export class PostgresIdempotencyStore implements IdempotencyStore {
  readonly #db: Database;
  readonly #table: string;
  #sinceForgotten = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#table = `${db.schema}.idempotency`;
  }

  async begin({ nowMs, ...claim }: IdempotencyClaim): Promise<IdempotencyOutcome> {
    const [row] = await this.#db.rows(
      `SELECT * FROM ${this.#db.schema}.begin_request($1, $2, $3, $4, $5, $6, $7)`,
      claim.scope,
      claim.key,
      claim.fingerprint,
      claim.owner,
      claim.leaseEndsAtMs,
      claim.keptUntilMs,
      Math.floor(nowMs),
    );
    this.#forget(nowMs);
    if (row === undefined) throw new Error("no row from begin_request");
    switch (textOf(row, "status")) {
      case "begun":
        return { status: "begun" };
      case "running":
        return { status: "running", leaseEndsAtMs: numberOf(row, "running_until_ms") };
      case "finished":
        return { status: "finished", answer: nullableTextOf(row, "kept_answer") };
      default:
        return { status: "mismatch" };
    }
  }

  async finish({
    scope,
    key,
    owner,
    answer,
  }: Where & { readonly answer: string | null }): Promise<boolean> {
    const changes = await this.#db.changes(
      `UPDATE ${this.#table} SET finished = TRUE, answer = $4
       WHERE scope = $1 AND key = $2 AND owner = $3 AND NOT finished`,
      scope,
      key,
      owner,
      answer,
    );
    return changes === 1;
  }

  async release({ scope, key, owner }: Where): Promise<boolean> {
    const changes = await this.#db.changes(
      `DELETE FROM ${this.#table} WHERE scope = $1 AND key = $2 AND owner = $3 AND NOT finished`,
      scope,
      key,
      owner,
    );
    return changes === 1;
  }

  /** Not waited for: what is left over is forgotten the next time. */
  #forget(nowMs: number): void {
    this.#sinceForgotten += 1;
    if (this.#sinceForgotten < forgetEvery) return;
    this.#sinceForgotten = 0;
    const forgetting = this.#db.changes(
      `DELETE FROM ${this.#table} WHERE (scope, key) IN (
         SELECT scope, key FROM ${this.#table} WHERE kept_until_ms <= $1 AND lease_ends_at_ms <= $1
         FOR UPDATE SKIP LOCKED)`,
      Math.floor(nowMs),
    );
    forgetting.catch(() => {});
  }
}
