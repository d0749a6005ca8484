import { emptyUsage } from "@pointsman/core";
import type { Decision } from "@pointsman/core";
import { ImageFetchError } from "@pointsman/provider";
import type { CallerRequest, GatewayError } from "@pointsman/translate";
import { InlinedRequest } from "../media/inlined-request.ts";
import { admit, freeAdmission } from "./admission.ts";
import type { Admission } from "./admission.ts";
import { placeOf } from "./place.ts";
import type { Place } from "./place.ts";
import type { Purse } from "./purse.ts";
import type { RunContext } from "./run-context.ts";
import type { RunRequest } from "./run-request.ts";
import { promptParamOf } from "./stop-error.ts";
import type { Slots } from "./slots.ts";

/** Longest wait for a place at a provider, ms. */
const longestQueueMs = 10_000;

/** What an attempt goes out with. */
export type Ticket = {
  readonly place: Place;
  readonly caller: CallerRequest;
  readonly admission: Admission;
  /** Gives its place at the provider back. */
  readonly release: () => void;
};

type How = {
  readonly mayGoElsewhere: boolean;
  /** Tokens of an answer that goes into the prompt. */
  readonly extraTokens: number;
  readonly go: (ticket: Ticket) => void;
};

/** What an entrance needs of its run. */
export type EntranceOptions = {
  readonly context: RunContext;
  readonly request: RunRequest;
  readonly decision: Decision;
  /** Candidates that have been tried. */
  readonly tried: () => readonly number[];
  /** No place could be had, or an image not fetched. */
  readonly onFail: (error: GatewayError) => void;
  /** Whatever is called back has nobody above it. */
  readonly onBug: (error: unknown) => void;
};

/** What an attempt waits for before it goes out: a place at the provider, images within the request, money. */
export class Entrance {
  readonly #options: EntranceOptions;
  #leaveQueue: (() => void) | undefined;
  #inlined: InlinedRequest | undefined;
  /** Candidates that cost more than there is. */
  readonly #unpayable = new Set<number>();
  #orders = 0;
  #closed = false;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** `go` is called at once where there is nothing to wait for, and never after `close`. */
  enter(index: number, how: How): void {
    this.#guard(() => {
      const { decision, context, request } = this.#options;
      const place = placeOf(decision, index, context.providers, request.ownAccounts);
      const slots = context.slots.get(place.provider.id);
      if (slots === undefined) return this.#prepare(place, () => {}, how);
      const elsewhere = slots.isFree || !how.mayGoElsewhere ? undefined : this.#freeCandidate();
      if (elsewhere !== undefined) this.enter(elsewhere, how);
      else this.#queue(place, slots, how);
    });
  }

  /** Nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#inlined?.abort();
    this.#leaveQueue?.();
  }

  #queue(place: Place, slots: Slots, how: How): void {
    if (slots.isFull) return this.#full(place.provider.id);
    const impatience = this.#options.context.clock.timer(longestQueueMs, () => {
      this.#leaveQueue?.();
      this.#full(place.provider.id);
    });
    const leave = slots.take((release) => {
      impatience.cancel();
      if (this.#closed) release();
      else this.#guard(() => this.#prepare(place, release, how));
    });
    this.#leaveQueue = () => {
      impatience.cancel();
      leave();
    };
  }

  /** The best candidate not tried yet whose provider has a place free. */
  #freeCandidate(): number | undefined {
    const { decision, context } = this.#options;
    const tried = new Set(this.#options.tried());
    const index = decision.candidates.findIndex(
      ({ offering, resting }, at) =>
        !resting && !tried.has(at) && context.slots.get(offering.provider)?.isFree !== false,
    );
    return index === -1 ? undefined : index;
  }

  #full(provider: string): void {
    this.#options.onFail({
      code: "rate_limit_exceeded",
      message: `All places at ${provider} are taken.`,
      param: null,
      rateLimitSource: "gateway",
      retryAfterSeconds: 1,
    });
  }

  /** Fetches images first for a provider that does not, once for all such; then pays. */
  #prepare(place: Place, release: () => void, how: How): void {
    const { request, context } = this.#options;
    const { caller, routing, purse } = request;
    const needsImages =
      place.provider.adapter.takesImageUrls?.(place.candidate.offering) === false &&
      routing.needs.capabilities.includes("vision");
    if (!needsImages && purse === undefined) {
      return how.go({ place, caller, admission: freeAdmission, release });
    }
    if (needsImages) this.#inlined ??= new InlinedRequest(caller, context.images);
    void this.#wait(place, { release, how, inlined: needsImages ? this.#inlined : undefined });
  }

  async #wait(
    place: Place,
    {
      release,
      how,
      inlined,
    }: { release: () => void; how: How; inlined: InlinedRequest | undefined },
  ): Promise<void> {
    const { caller, purse } = this.#options.request;
    try {
      const request = inlined === undefined ? caller : await inlined.get();
      const admission =
        purse === undefined || this.#closed ? freeAdmission : await this.#pay(purse, place, how);
      if (admission === null || this.#closed) release();
      else how.go({ place, caller: request, admission, release });
    } catch (error) {
      release();
      if (this.#closed) return;
      if (!(error instanceof ImageFetchError)) return this.#options.onBug(error);
      const param = promptParamOf(caller.surface);
      this.#options.onFail({ code: "invalid_parameter_value", message: error.message, param });
    }
  }

  /** `null` = it cannot be paid: somebody cheaper is asked, or nobody. */
  async #pay(purse: Purse, place: Place, how: How): Promise<Admission | null> {
    const { request, decision, context } = this.#options;
    this.#orders += 1;
    const admission = await admit(purse, place, {
      request,
      decision,
      attempt: this.#orders,
      extraTokens: how.extraTokens,
      nowMs: context.clock.nowMs(),
    });
    if (!("error" in admission)) {
      if (this.#closed) await this.#giveBack(purse, admission);
      return admission;
    }
    this.#unpayable.add(place.index);
    const next = how.mayGoElsewhere && !this.#closed ? this.#payableCandidate() : undefined;
    if (next === undefined) this.#options.onFail(admission.error);
    else this.enter(next, how);
    return null;
  }

  /** Whoever waited for it has left. */
  async #giveBack(purse: Purse, { attempt }: Admission): Promise<void> {
    if (attempt === null) return;
    const nothing = { picoUsd: 0, estimated: false, usage: emptyUsage } as const;
    await purse.settle({ attempt, ...nothing, outcome: "cancelled" });
  }

  /** The best candidate that was neither tried nor found too dear. */
  #payableCandidate(): number | undefined {
    const out = new Set([...this.#options.tried(), ...this.#unpayable]);
    const index = this.#options.decision.candidates.findIndex(
      ({ resting }, at) => !resting && !out.has(at),
    );
    return index === -1 ? undefined : index;
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#options.onBug(error);
    }
  }
}
