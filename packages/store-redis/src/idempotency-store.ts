import type { IdempotencyClaim, IdempotencyOutcome, IdempotencyStore } from "@pointsman/store";
import { listOf } from "./connection.ts";
import type { Connection } from "./connection.ts";

type Where = { readonly scope: string; readonly key: string; readonly owner: string };

/** Idempotency keys, a Redis key each. */
export class RedisIdempotencyStore implements IdempotencyStore {
  readonly #redis: Connection;

  constructor(redis: Connection) {
    this.#redis = redis;
  }

  async begin(claim: IdempotencyClaim): Promise<IdempotencyOutcome> {
    const reply = await this.#redis.run(
      "idempotencyBegin",
      this.#keyOf(claim),
      claim.fingerprint,
      claim.owner,
      claim.leaseEndsAtMs,
      claim.keptUntilMs,
      claim.nowMs,
    );
    const [status, detail] = listOf(reply);
    switch (status) {
      case "begun":
        return { status: "begun" };
      case "running":
        return { status: "running", leaseEndsAtMs: Number(detail) };
      case "finished":
        return { status: "finished", answer: typeof detail === "string" ? detail : null };
      default:
        return { status: "mismatch" };
    }
  }

  async finish({
    owner,
    answer,
    ...where
  }: Where & { readonly answer: string | null }): Promise<boolean> {
    const finished = await this.#redis.run(
      "idempotencyFinish",
      this.#keyOf(where),
      owner,
      answer === null ? "0" : "1",
      answer ?? "",
    );
    return finished === 1;
  }

  async release({ owner, ...where }: Where): Promise<boolean> {
    return (await this.#redis.run("idempotencyRelease", this.#keyOf(where), owner)) === 1;
  }

  #keyOf({ scope, key }: { readonly scope: string; readonly key: string }): string {
    return `${this.#redis.prefix}:idempotency:${JSON.stringify([scope, key])}`;
  }
}
