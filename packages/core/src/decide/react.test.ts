import { describe, expect, it } from "vitest";
import type { OutcomeKind } from "../health/outcome.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { decide } from "./decide.ts";
import { react } from "./react.ts";
import type { AttemptRecord, Reaction } from "./reaction.ts";

const at = { nowMs: 1_000_000, seed: 7 };
const offerings = ["a", "b", "c"].map((provider, index) =>
  exampleOffering(provider, { contextWindow: 100_000 * (index + 1) }),
);
type Attempt = readonly [candidate: number, outcome: OutcomeKind, retryAfterMs?: number];

const records = (attempts: readonly Attempt[]): readonly AttemptRecord[] =>
  attempts.map(([candidate, outcome, retryAfterMs]) => ({
    candidate,
    outcome,
    status: null,
    retryAfterMs: retryAfterMs ?? null,
    durationMs: 10,
  }));

const reaction = (
  attempts: readonly Attempt[],
  change: Partial<RoutingRequest> = {},
  providers: readonly string[] = ["a", "b", "c"],
): Reaction => {
  const state = createRouterState({ offerings });
  const request = exampleRequest(providers, change);
  return react(state, request, decide(state, request, at), records(attempts), at);
};

const next = (candidate: number): Reaction => ({ type: "next", candidate, afterMs: 0 });
const stop = (code: string, retryAfterMs: number | null = null) => ({
  type: "stop",
  code,
  retryAfterMs,
});

describe("once content is out", () => {
  const after = (outcome: OutcomeKind, change: Partial<RoutingRequest> = {}): Reaction => {
    const state = createRouterState({ offerings });
    const request = exampleRequest(["a", "b", "c"], change);
    const attempts = records([[0, outcome, 100]]);
    return react(state, request, decide(state, request, at), attempts, { ...at, contentOut: true });
  };

  it("nothing is repeated or waited for: others go on, or nobody", () => {
    for (const outcome of ["stream_cut", "server_error", "timeout", "rate_limited"] as const) {
      expect(after(outcome)).toEqual(next(1));
    }
    expect(after("content_filtered")).toMatchObject({ type: "stop" });
    expect(after("stream_cut", { maxFallbackAttempts: 0 })).toMatchObject({ type: "stop" });
  });
});

describe("react to failures", () => {
  it("names the first candidate before any attempt", () => {
    expect(reaction([])).toEqual(next(0));
  });

  it.each(["server_error", "network_error", "overloaded", "bad_response", "stream_cut"] as const)(
    "repeats once after %s, then goes on",
    (outcome) => {
      expect(reaction([[0, outcome]])).toMatchObject({
        type: "retry",
        candidate: 0,
        fromBudget: true,
      });
      expect(
        reaction([
          [0, outcome],
          [0, outcome],
        ]),
      ).toEqual(next(1));
    },
  );

  it("keeps the pause short, jittered and repeatable", () => {
    const pause = reaction([[0, "server_error"]]);
    expect(pause.type === "retry" && pause.afterMs >= 100 && pause.afterMs <= 300).toBe(true);
    expect(reaction([[0, "server_error"]])).toEqual(pause);
  });

  it.each(["timeout", "auth_error", "model_unavailable", "unsupported_parameter"] as const)(
    "goes on at once after %s",
    (outcome) => {
      expect(reaction([[0, outcome]])).toEqual(next(1));
    },
  );

  it("looks for a larger window only", () => {
    const order = { prefer: "b" };
    expect(reaction([[0, "context_length"]], order)).toEqual(next(2));
    expect(
      reaction(
        [
          [0, "context_length"],
          [2, "context_length"],
        ],
        order,
      ),
    ).toEqual(stop("context_length_exceeded"));
  });

  it("never asks a silent offering again, on no account", () => {
    const credentials = [
      { id: "own", provider: "a", owner: "byok" },
      { id: "platform", provider: "a", owner: "platform" },
    ] as const;
    expect(reaction([[0, "timeout"]], { credentials })).toEqual(stop("upstream_timeout"));
    expect(reaction([[0, "auth_error"]], { credentials })).toEqual(next(1));
  });

  it.each([
    ["bad_request", "bad_request"],
    ["content_filtered", "content_filtered"],
    ["cancelled", "client_disconnected"],
  ] as const)("stops after %s", (outcome, code) => {
    expect(reaction([[0, outcome]])).toEqual(stop(code));
  });

  it("counts further candidates, not repeats, against max_fallback_attempts", () => {
    const one = { maxFallbackAttempts: 1 };
    expect(
      reaction(
        [
          [0, "server_error"],
          [0, "server_error"],
        ],
        one,
      ),
    ).toEqual(next(1));
    expect(
      reaction(
        [
          [0, "timeout"],
          [1, "timeout"],
        ],
        one,
      ),
    ).toEqual(stop("upstream_timeout"));
    expect(reaction([[0, "server_error"]], { maxFallbackAttempts: 0 }).type).toBe("retry");
    expect(reaction([[0, "timeout"]], { maxFallbackAttempts: 0 })).toEqual(
      stop("upstream_timeout"),
    );
  });

  it("ends with the caller's fault first, else with what all attempts had in common", () => {
    expect(
      reaction([
        [0, "timeout"],
        [1, "bad_request"],
      ]),
    ).toEqual(stop("bad_request"));
    const all: readonly Attempt[] = [
      [0, "timeout"],
      [1, "rate_limited", 60_000],
      [2, "timeout"],
    ];
    expect(reaction(all)).toEqual(stop("upstream_error"));
    const limited: readonly Attempt[] = [
      [0, "rate_limited", 60_000],
      [1, "rate_limited", 20_000],
      [2, "rate_limited", 40_000],
    ];
    expect(reaction(limited)).toEqual(stop("rate_limit_exceeded", 20_000));
  });
});

describe("react to rate limits", () => {
  const alone = ["a"];

  it("waits out a short Retry-After once, a longer one not at all", () => {
    const wait = { type: "retry", candidate: 0, afterMs: 2000, fromBudget: false };
    expect(reaction([[0, "rate_limited", 2000]])).toEqual(wait);
    expect(
      reaction([
        [0, "rate_limited", 2000],
        [0, "rate_limited", 2000],
      ]),
    ).toEqual(next(1));
    expect(reaction([[0, "rate_limited", 2501]])).toEqual(next(1));
  });

  it("waits longer where nobody else is left", () => {
    expect(reaction([[0, "rate_limited", 5000]], {}, alone)).toMatchObject({ afterMs: 5000 });
    expect(reaction([[0, "rate_limited", 5001]], {}, alone)).toEqual(
      stop("rate_limit_exceeded", 5001),
    );
  });

  it("does not wait where speed is asked for", () => {
    expect(reaction([[0, "rate_limited", 500]], { strategy: "ttft" })).toEqual(next(1));
  });

  it("does not wait past the deadline", () => {
    const state = createRouterState({ offerings });
    const request = exampleRequest(["a", "b"]);
    const attempts = records([[0, "rate_limited", 2000]]);
    const decision = decide(state, request, at);
    const by = (deadlineAtMs: number): Reaction =>
      react(state, request, decision, attempts, { ...at, deadlineAtMs });
    expect(by(at.nowMs + 2000)).toEqual(next(1));
    expect(by(at.nowMs + 2001).type).toBe("retry");
  });

  it("goes on without a hint, and tries once more after a second where nobody is left", () => {
    expect(reaction([[0, "rate_limited"]])).toEqual(next(1));
    expect(reaction([[0, "rate_limited"]], {}, alone)).toEqual({
      type: "retry",
      candidate: 0,
      afterMs: 1000,
      fromBudget: false,
    });
    expect(
      reaction(
        [
          [0, "rate_limited"],
          [0, "rate_limited"],
        ],
        {},
        alone,
      ),
    ).toEqual(stop("rate_limit_exceeded", 1000));
  });

  it("turns from an own key to the platform key of the same provider", () => {
    const credentials = [
      { id: "own", provider: "a", owner: "byok" },
      { id: "b", provider: "b", owner: "platform" },
      { id: "platform", provider: "a", owner: "platform" },
    ] as const;
    const change = { credentials, prefer: "a" };
    expect(reaction([[0, "rate_limited", 100]], change)).toEqual(next(1));
    expect(
      reaction(
        [
          [0, "rate_limited", 60_000],
          [1, "rate_limited", 60_000],
        ],
        change,
      ),
    ).toEqual(next(2));
  });
});

describe("react and the state", () => {
  const request = exampleRequest(["a", "b", "c"]);
  const end = (provider: string, outcome: OutcomeKind, retryAfterMs: number | null = null) =>
    exampleEnd({
      offeringId: `${provider}/m`,
      credentialId: `${provider}-platform`,
      outcome,
      totalMs: 0,
      retryAfterMs,
    });

  it("repeats only while the retry budget lasts, and each request refills it", () => {
    const state = createRouterState({ offerings, retry: { budgetShare: 0.5, burst: 1 } });
    const decision = decide(state, request, at);
    const type = (): string =>
      react(state, request, decision, records([[0, "server_error"]]), at).type;
    expect(type()).toBe("retry");
    observe(state, { type: "retry_spent", nowMs: at.nowMs });
    expect(type()).toBe("next");
    observe(state, { type: "request_started", nowMs: at.nowMs });
    expect(type()).toBe("next");
    observe(state, { type: "request_started", nowMs: at.nowMs });
    expect(type()).toBe("retry");
  });

  it("skips candidates that came to rest meanwhile", () => {
    const state = createRouterState({ offerings });
    const decision = decide(state, request, at);
    observe(state, end("b", "rate_limited", 10_000));
    expect(react(state, request, decision, records([[0, "timeout"]]), at)).toEqual(next(2));
    for (let failure = 0; failure < 5; failure += 1) observe(state, end("c", "timeout"));
    // Only its breaker rests: a last resort.
    expect(react(state, request, decision, records([[0, "timeout"]]), at)).toEqual(next(2));
  });

  it("tries one last resort a request and then says when to come back", () => {
    const state = createRouterState({ offerings });
    for (const provider of ["a", "b", "c"]) {
      for (let failure = 0; failure < 5; failure += 1)
        observe(state, end(provider, "server_error"));
    }
    const decision = decide(state, request, at);
    expect(react(state, request, decision, [], at)).toEqual(next(0));
    expect(react(state, request, decision, records([[0, "server_error"]]), at)).toEqual(
      stop("no_provider_available", 10_000),
    );
  });
});
