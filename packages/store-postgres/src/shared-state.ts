import { takeFromBucket } from "@pointsman/store";
import type { SharedNote, SharedState, TokenBucketRule, TokenTaken } from "@pointsman/store";
import type { Database } from "./database.ts";
import { numberOf, textOf } from "./row.ts";

/** A bucket that has not been used for so long says nothing, ms. */
const forgottenAfterMs = 24 * 60 * 60_000;
const forgetEvery = 1000;

/** What processes on one database share. */
export class PostgresSharedState implements SharedState {
  readonly #db: Database;
  #sinceForgotten = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async takeToken(name: string, rule: TokenBucketRule, nowMs: number): Promise<TokenTaken> {
    const [row] = await this.#db.rows(
      `SELECT ${this.#db.schema}.take_token($1, $2, $3, $4) AS tokens`,
      name,
      rule.capacity,
      rule.perMinute,
      nowMs,
    );
    if (row === undefined) throw new Error("no row from take_token");
    this.#forget(nowMs);
    // The statement fills the bucket and takes; what that leaves the caller is said in one place.
    return takeFromBucket({ tokens: numberOf(row, "tokens"), atMs: nowMs }, rule, nowMs).taken;
  }

  async publish({
    topic,
    member,
    value,
    expiresAtMs,
  }: SharedNote & { readonly topic: string; readonly expiresAtMs: number }): Promise<void> {
    await this.#db.changes(
      `INSERT INTO ${this.#db.schema}.notes (topic, member, value, expires_at_ms) VALUES ($1, $2, $3, $4)
       ON CONFLICT (topic, member) DO UPDATE SET
         value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
      topic,
      member,
      value,
      Math.ceil(expiresAtMs),
    );
  }

  async read(topic: string, nowMs: number): Promise<readonly SharedNote[]> {
    const rows = await this.#db.rows(
      `SELECT member, value FROM ${this.#db.schema}.notes WHERE topic = $1 AND expires_at_ms > $2`,
      topic,
      Math.floor(nowMs),
    );
    return rows
      .map((row) => ({ member: textOf(row, "member"), value: textOf(row, "value") }))
      .sort((a, b) => (a.member < b.member ? -1 : 1));
  }

  /** Not waited for: what is left over is forgotten the next time. */
  #forget(nowMs: number): void {
    this.#sinceForgotten += 1;
    if (this.#sinceForgotten < forgetEvery) return;
    this.#sinceForgotten = 0;
    const { schema } = this.#db;
    const forgetting = this.#db.changes(
      `WITH buckets AS (
         DELETE FROM ${schema}.buckets WHERE name IN (
           SELECT name FROM ${schema}.buckets WHERE at_ms < $1::DOUBLE PRECISION FOR UPDATE SKIP LOCKED)
       )
       DELETE FROM ${schema}.notes WHERE (topic, member) IN (
         SELECT topic, member FROM ${schema}.notes WHERE expires_at_ms <= $2 FOR UPDATE SKIP LOCKED)`,
      nowMs - forgottenAfterMs,
      Math.floor(nowMs),
    );
    forgetting.catch(() => {});
  }
}
