import { parseWorld } from "@pointsman/simulator";
import type { ReplayWorld } from "@pointsman/simulator";
import type { Policy } from "./policy/policy.ts";
import type { Answer, EventMessage, RequestMessage, RetryMessage } from "./protocol/messages.ts";
import type { Trace, TraceRequest } from "./trace/read-trace.ts";

/** A provider that takes 100 ms to the first token and 10 ms a token; 1 USD in, 2 USD out. */
export const plainProvider = (id: string, parts: object = {}): object => ({
  id,
  context: 100_000,
  price: { in: 1, out: 2 },
  cache: { mode: "none" },
  true: {
    hit_prob: 1,
    ttl_s: 300,
    latency: { net_ms: 0, a_ms: 100, b_ms_per_1k: 0, tpot_ms: 10 },
    errors: {},
  },
  ...parts,
});

/** What a provider that always refuses has as its truth: it fails after 50 ms. */
export const alwaysDown = {
  true: {
    hit_prob: 1,
    ttl_s: 300,
    latency: { net_ms: 0, a_ms: 100, b_ms_per_1k: 0, tpot_ms: 10 },
    errors: { windows: [{ kind: "down", at: [0, 1], after_ms: 50 }] },
  },
};

export const testWorld = (...providers: readonly object[]): ReplayWorld =>
  parseWorld({
    format: "replay-world/1",
    name: "test",
    model: "x",
    seed: 1,
    usd_per_s: 0.5,
    slo: { ttft_ms: 120, ttft_ms_per_1k_in: 0 },
    providers,
  });

/** Requests of 1,000 tokens in and 11 out, a second apart; the trace goes on to 10 s. */
export const testTrace = (...requests: readonly Partial<TraceRequest>[]): Trace => ({
  name: "test",
  lengthMs: 10_000,
  requests: requests.map((request, index) => ({
    id: `r${index}`,
    atMs: index * 1000,
    session: null,
    inTokens: 1000,
    outTokens: 11,
    blocks: [],
    model: "m",
    ...request,
  })),
});

/** Everything a policy was told and asked, in order. */
export type Heard = RequestMessage | RetryMessage | EventMessage;

/** A policy that does as told and keeps what it hears. */
export const listeningPolicy = (
  answer: (
    message: RequestMessage | RetryMessage,
  ) => Omit<Extract<Answer, { provider: string }>, "type" | "id"> | null,
): { readonly policy: Policy; readonly heard: readonly Heard[] } => {
  const heard: Heard[] = [];
  return {
    heard,
    policy: {
      hello: () => ({ type: "ready", name: "listening" }),
      decide: (message) => {
        heard.push(message);
        const placement = answer(message);
        return placement === null
          ? { type: "give_up", id: message.id }
          : { type: "decision", id: message.id, ...placement };
      },
      observe: (message) => {
        heard.push(message);
      },
    },
  };
};
