import { takeFromBucket } from "@pointsman/store";
import type { SharedNote, SharedState, TokenBucketRule, TokenTaken } from "@pointsman/store";
import { fieldsOf } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** What processes on one Redis share: a key per bucket and per topic. */
export class RedisSharedState implements SharedState {
  readonly #redis: Connection;

  constructor(redis: Connection) {
    this.#redis = redis;
  }

  async takeToken(name: string, rule: TokenBucketRule, nowMs: number): Promise<TokenTaken> {
    const tokens = Number(
      await this.#redis.run(
        "bucketTake",
        `${this.#redis.prefix}:bucket:${name}`,
        rule.capacity,
        rule.perMinute,
        nowMs,
      ),
    );
    // The script fills the bucket and takes; what that leaves the caller is said in one place.
    return takeFromBucket({ tokens, atMs: nowMs }, rule, nowMs).taken;
  }

  async publish({
    topic,
    member,
    value,
    expiresAtMs,
  }: SharedNote & { readonly topic: string; readonly expiresAtMs: number }): Promise<void> {
    await this.#redis.run("notePublish", this.#topic(topic), member, value, expiresAtMs);
  }

  async read(topic: string, nowMs: number): Promise<readonly SharedNote[]> {
    const notes = fieldsOf(await this.#redis.run("noteRead", this.#topic(topic), nowMs));
    return [...notes]
      .map(([member, value]) => ({ member, value }))
      .sort((a, b) => (a.member < b.member ? -1 : 1));
  }

  #topic(topic: string): string {
    return `${this.#redis.prefix}:notes:${topic}`;
  }
}
