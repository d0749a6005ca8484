import type { Decision } from "@pointsman/core";
import { ImageFetchError } from "@pointsman/provider";
import type { CallerRequest, GatewayError } from "@pointsman/translate";
import { InlinedRequest } from "../media/inlined-request.ts";
import { placeOf } from "./place.ts";
import type { Place } from "./place.ts";
import type { RunContext } from "./run-context.ts";
import type { RunRequest } from "./run-request.ts";
import type { Slots } from "./slots.ts";

/** Longest wait for a place at a provider, ms. */
const longestQueueMs = 10_000;

type Go = (place: Place, caller: CallerRequest, release: () => void) => void;

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

/** What an attempt waits for before it goes out: a place at the provider, and images within the request. */
export class Entrance {
  readonly #options: EntranceOptions;
  #leaveQueue: (() => void) | undefined;
  #inlined: InlinedRequest | undefined;
  #closed = false;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** `go` is called at once where there is nothing to wait for, and never after `close`. */
  enter(index: number, how: { readonly mayGoElsewhere: boolean; readonly go: Go }): void {
    this.#guard(() => {
      const { decision, context } = this.#options;
      const place = placeOf(decision, index, context.providers);
      const slots = context.slots.get(place.provider.id);
      if (slots === undefined) return this.#prepare(place, () => {}, how.go);
      const elsewhere = slots.isFree || !how.mayGoElsewhere ? undefined : this.#freeCandidate();
      if (elsewhere !== undefined) this.enter(elsewhere, how);
      else this.#queue(place, slots, how.go);
    });
  }

  /** Nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#inlined?.abort();
    this.#leaveQueue?.();
  }

  #queue(place: Place, slots: Slots, go: Go): void {
    if (slots.isFull) return this.#full(place.provider.id);
    const impatience = this.#options.context.clock.timer(longestQueueMs, () => {
      this.#leaveQueue?.();
      this.#full(place.provider.id);
    });
    const leave = slots.take((release) => {
      impatience.cancel();
      if (this.#closed) release();
      else this.#guard(() => this.#prepare(place, release, go));
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

  /** Fetches images first for a provider that does not, once for all such. */
  #prepare(place: Place, release: () => void, go: Go): void {
    const { request, context } = this.#options;
    const { caller, routing } = request;
    const needsImages =
      place.provider.adapter.takesImageUrls?.(place.candidate.offering) === false &&
      routing.needs.capabilities.includes("vision");
    if (!needsImages) return go(place, caller, release);
    this.#inlined ??= new InlinedRequest(caller, context.images);
    void this.#inline(this.#inlined, { place, release, go });
  }

  async #inline(
    inlined: InlinedRequest,
    { place, release, go }: { place: Place; release: () => void; go: Go },
  ): Promise<void> {
    const { caller } = this.#options.request;
    try {
      const request = await inlined.get();
      if (this.#closed) release();
      else go(place, request, release);
    } catch (error) {
      release();
      if (this.#closed) return;
      if (!(error instanceof ImageFetchError)) return this.#options.onBug(error);
      const param = caller.surface === "responses" ? "input" : "messages";
      this.#options.onFail({ code: "invalid_parameter_value", message: error.message, param });
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#options.onBug(error);
    }
  }
}
