import { randomUUID } from "node:crypto";
import { observe } from "@pointsman/core";
import type { RouterState } from "@pointsman/core";
import { knownRests } from "@pointsman/core/health";
import type { KnownRest } from "@pointsman/core/health";
import type { SharedState } from "@pointsman/store";

/** Its number goes up with the shape of what is told: replicas of two versions do not hear each other. */
const topic = "rests/1";
/** Most rests that are told at once: those that end last. */
const mostTold = 500;

type Options = {
  readonly shared: SharedState;
  readonly state: () => RouterState;
  readonly nowMs: () => number;
};

const nameOf = (rest: KnownRest): string =>
  [
    rest.kind,
    "offeringId" in rest ? rest.offeringId : "",
    "credentialId" in rest ? rest.credentialId : "",
  ].join(" ");

/**
 * Tells the other replicas on a store what rests here, and hears what rests there. Only what was found
 * out here is told, and everything is heeded once: a rest that one replica has ended by a trial does not
 * come back by way of another.
 */
export class RestExchange {
  readonly #options: Options;
  /** Of this process alone, whatever it shares with others. */
  readonly #member = randomUUID();
  /** By name, until when: what came from others. */
  readonly #heard = new Map<string, number>();
  #told = "[]";

  constructor(options: Options) {
    this.#options = options;
  }

  /** Rejects if the store cannot be reached. */
  async exchange(): Promise<void> {
    await this.#tell();
    await this.#hear();
  }

  async #tell(): Promise<void> {
    const { shared, state, nowMs } = this.#options;
    const own = knownRests(state(), nowMs())
      .filter((rest) => this.#heard.get(nameOf(rest)) !== rest.untilMs)
      .sort((a, b) => b.untilMs - a.untilMs)
      .slice(0, mostTold);
    const value = JSON.stringify(own);
    if (value === this.#told) return;
    // An empty word takes an earlier one back; it need not stay.
    const expiresAtMs = own[0]?.untilMs ?? nowMs() + 1;
    await shared.publish({ topic, member: this.#member, value, expiresAtMs });
    this.#told = value;
  }

  async #hear(): Promise<void> {
    const { shared, state, nowMs } = this.#options;
    const now = nowMs();
    for (const [name, untilMs] of this.#heard) if (untilMs <= now) this.#heard.delete(name);
    const rests: KnownRest[] = [];
    for (const { member, value } of await shared.read(topic, now)) {
      if (member === this.#member) continue;
      // Written by `#tell` alone, of this shape.
      for (const rest of JSON.parse(value) as readonly KnownRest[]) {
        const name = nameOf(rest);
        if (rest.untilMs <= Math.max(now, this.#heard.get(name) ?? 0)) continue;
        this.#heard.set(name, rest.untilMs);
        rests.push(rest);
      }
    }
    if (rests.length > 0) observe(state(), { type: "rests_heard", nowMs: now, rests });
  }
}
