import { takeFromBucket } from "@pointsman/store";
import type { SharedNote, SharedState, TokenBucketRule, TokenTaken } from "@pointsman/store";
import { numberOf, textOf } from "./database.ts";
import type { Database } from "./database.ts";

/** A bucket that has not been used for so long says nothing, ms. */
const forgottenAfterMs = 24 * 60 * 60_000;
const forgetEvery = 1000;

/** What processes on one file share. */
export class SqliteSharedState implements SharedState {
  readonly #db: Database;
  #sinceForgotten = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  takeToken(name: string, rule: TokenBucketRule, nowMs: number): Promise<TokenTaken> {
    return this.#db.write(() => {
      const row = this.#db.get("SELECT * FROM buckets WHERE name = ?", name);
      const known =
        row === null ? null : { tokens: numberOf(row, "tokens"), atMs: numberOf(row, "at_ms") };
      const { bucket, taken } = takeFromBucket(known, rule, nowMs);
      this.#db.run(
        `INSERT INTO buckets (name, tokens, at_ms) VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at_ms = excluded.at_ms`,
        name,
        bucket.tokens,
        Math.trunc(bucket.atMs),
      );
      this.#forget(nowMs);
      return taken;
    });
  }

  async publish({
    topic,
    member,
    value,
    expiresAtMs,
  }: SharedNote & { readonly topic: string; readonly expiresAtMs: number }): Promise<void> {
    await this.#db.write(() =>
      this.#db.run(
        `INSERT INTO notes (topic, member, value, expires_at_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (topic, member) DO UPDATE SET
           value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
        topic,
        member,
        value,
        expiresAtMs,
      ),
    );
  }

  async read(topic: string, nowMs: number): Promise<readonly SharedNote[]> {
    return this.#db
      .all(
        "SELECT * FROM notes WHERE topic = ? AND expires_at_ms > ? ORDER BY member",
        topic,
        nowMs,
      )
      .map((row) => ({ member: textOf(row, "member"), value: textOf(row, "value") }));
  }

  #forget(nowMs: number): void {
    this.#sinceForgotten += 1;
    if (this.#sinceForgotten < forgetEvery) return;
    this.#sinceForgotten = 0;
    this.#db.run("DELETE FROM buckets WHERE at_ms < ?", Math.trunc(nowMs - forgottenAfterMs));
    this.#db.run("DELETE FROM notes WHERE expires_at_ms <= ?", Math.trunc(nowMs));
  }
}
