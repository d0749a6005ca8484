import { describe, test } from "vitest";
import { apiKey } from "./lab.ts";
import { casesOf, play } from "./scenario.ts";
import { until } from "./until.ts";
import type { Scenario } from "./scenario.ts";
import {
  answers,
  drones,
  fails,
  hangs,
  json,
  opensAndHangs,
  raw,
  resets,
  sends,
  tellsError,
  openThen,
} from "./upstream.ts";
import type { Wire } from "./wire-answer.ts";

const wires: readonly Wire[] = ["chat", "responses", "messages", "gemini"];
const two = (wire: Wire) => [wire, "chat"] as const;
const onWires = (make: (wire: Wire) => Scenario): readonly Scenario[] =>
  wires.map((wire) => {
    const one = make(wire);
    return { ...one, name: `${one.name}, ${wire}`, specs: one.specs ?? two(wire) };
  });
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/** Server faults: one repeat on the same offering, then the next. */
const serverFaults: readonly Scenario[] = [
  ...onWires(() => ({
    name: "500 once",
    acts: [[fails(500), answers], [answers]],
    attempts: [2, 0],
  })),
  ...onWires(() => ({ name: "503 for good", acts: [[fails(503)], [answers]], attempts: [2, 1] })),
  ...[408, 409, 502, 504, 529].map((status) => ({
    name: `${status} for good`,
    acts: [[fails(status)], [answers]] as const,
    attempts: [2, 1],
  })),
  { name: "a reset, then an answer", acts: [[resets, answers], [answers]], attempts: [2, 0] },
  { name: "resets for good", acts: [[resets], [answers]], attempts: [2, 1] },
  {
    name: "503 for good and nobody else",
    acts: [[fails(503)]],
    error: "upstream_error",
    status: 502,
    attempts: [2],
  },
  {
    name: "503 with a short wish is waited out",
    acts: [[fails(503, { headers: { "retry-after": "1" } }), answers], [answers]],
    attempts: [2, 0],
    ms: [1000, 4000],
  },
  {
    name: "503 where no other may be asked",
    acts: [[fails(503)], [answers]],
    ask: { routing: { allow_fallbacks: false } },
    error: "upstream_error",
    status: 502,
    attempts: [2, 0],
  },
];

const rates: readonly Scenario[] = [
  { name: "429 without a word", acts: [[fails(429)], [answers]], attempts: [1, 1] },
  {
    name: "429 for a second is waited out",
    acts: [[fails(429, { headers: { "retry-after": "1" } }), answers], [answers]],
    attempts: [2, 0],
    ms: [1000, 4000],
  },
  {
    name: "429 for 300 ms",
    acts: [[fails(429, { headers: { "retry-after-ms": "300" } }), answers], [answers]],
    attempts: [2, 0],
    ms: [300, 2000],
  },
  {
    name: "429 for half a minute",
    acts: [[fails(429, { headers: { "retry-after": "30" } })], [answers]],
    attempts: [1, 1],
    ms: [0, 1000],
  },
  {
    name: "429 until a date",
    acts: [[fails(429, { headers: { "retry-after": inSeconds(40) } })], [answers]],
    attempts: [1, 1],
    ms: [0, 1000],
  },
  {
    name: "429 with Google's RetryInfo, short",
    specs: ["gemini", "chat"],
    acts: [[fails(429, { body: retryInfo("0.4s") }), answers], [answers]],
    attempts: [2, 0],
    ms: [400, 2000],
  },
  {
    name: "429 with Google's RetryInfo, long",
    specs: ["gemini", "chat"],
    acts: [[fails(429, { body: retryInfo("37s") })], [answers]],
    attempts: [1, 1],
    ms: [0, 1000],
  },
  {
    name: "429 everywhere",
    acts: [
      [fails(429, { headers: { "retry-after": "20" } })],
      [fails(429, { headers: { "retry-after": "9" } })],
    ],
    error: "rate_limit_exceeded",
    status: 429,
    attempts: [1, 1],
    check: (got) => {
      const seconds = Number(got.headers.get("retry-after"));
      if (seconds < 8 || seconds > 9) throw new Error(`Retry-After is ${seconds}`);
    },
  },
];

function retryInfo(retryDelay: string): object {
  return {
    error: {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: "Quota.",
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }],
    },
  };
}

const dead: readonly Scenario[] = [
  ...[401, 402, 403].map((status) => ({
    name: `${status}, the key echoed`,
    acts: [[fails(status, { message: `Bad key ${apiKey}.` })], [answers]] as const,
    attempts: [1, 1],
  })),
  {
    name: "401 and nobody else: never told as the caller's",
    acts: [[fails(401, { message: `Bad key ${apiKey}.` })]],
    error: "upstream_error",
    status: 502,
    attempts: [1],
  },
  {
    name: "the model is unknown there",
    acts: [[fails(404, { code: "model_not_found", message: "No such model." })], [answers]],
    attempts: [1, 1],
  },
];

const callersOwn: readonly Scenario[] = [
  ...onWires((wire) => ({
    name: "400",
    acts: [
      [fails(400, { code: wire === "gemini" ? "INVALID_ARGUMENT" : "invalid_request_error" })],
      [answers],
    ],
    error: "invalid_request",
    status: 400,
    attempts: [1, 0],
  })),
  {
    name: "413",
    acts: [[fails(413)], [answers]],
    error: "payload_too_large",
    status: 413,
    attempts: [1, 0],
  },
  {
    name: "422",
    acts: [[fails(422)], [answers]],
    error: "invalid_request",
    status: 400,
    attempts: [1, 0],
  },
  {
    name: "a content filter",
    acts: [[fails(400, { code: "content_policy_violation", message: "Not this." })], [answers]],
    error: "content_filtered",
    status: 400,
    attempts: [1, 0],
  },
  {
    name: "a blocked prompt",
    specs: ["gemini", "chat"],
    acts: [[json({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } })], [answers]],
    error: "content_filtered",
    status: 400,
    attempts: [1, 0],
  },
  {
    name: "a prompt too long for this one",
    specs: ["chat", { wire: "chat", model: { contextWindow: 200_000 } }],
    acts: [[fails(400, { code: "context_length_exceeded" })], [answers]],
    attempts: [1, 1],
  },
  {
    name: "a prompt too long for all",
    acts: [[fails(400, { code: "context_length_exceeded" })], [answers]],
    error: "context_length_exceeded",
    status: 400,
    attempts: [1, 0],
  },
];

/** Time-outs: never the same again. */
const timeOuts: readonly Scenario[] = [
  ...onWires(() => ({
    name: "no answer at all",
    acts: [[hangs], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
  })),
  ...onWires(() => ({
    name: "headers, then silence",
    acts: [[opensAndHangs], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
  })),
  {
    name: "comments only",
    stream: true,
    acts: [[drones(() => ": still here\n\n")], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
  },
  {
    name: "pings only",
    specs: ["messages", "chat"],
    stream: true,
    acts: [[drones(() => 'event: ping\ndata: {"type":"ping"}\n\n')], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
  },
  {
    name: "empty deltas only",
    stream: true,
    acts: [[drones(() => 'data: {"choices":[{"index":0,"delta":{"content":""}}]}\n\n')], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
  },
  {
    name: "the caller's own limit",
    specs: [{ wire: "chat", timeouts: { firstContentMs: 9000, answerMs: 9000 } }, "chat"],
    ask: { routing: { timeout_ms: 300 } },
    acts: [[hangs], [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
    ms: [300, 2000],
  },
  {
    name: "silence everywhere",
    acts: [[hangs], [hangs]],
    error: "upstream_timeout",
    status: 504,
    attempts: [1, 1],
  },
  {
    name: "a wait that would reach the caller's deadline is not begun",
    acts: [[hangs], [fails(503, { headers: { "retry-after": "2" } })]],
    ask: { routing: { deadline_ms: 1500 } },
    error: "upstream_error",
    status: 502,
    attempts: [1, 1],
    ms: [400, 1500],
  },
  {
    name: "the caller's deadline",
    specs: [{ wire: "chat", timeouts: { firstContentMs: 9000, answerMs: 9000 } }, "chat"],
    acts: [[hangs], [answers]],
    ask: { routing: { deadline_ms: 500 } },
    error: "upstream_timeout",
    status: 504,
    attempts: [1, 0],
    ms: [500, 1500],
    check: async (_got, lab) => {
      await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
    },
  },
];

/** What is no answer, under 200. */
const broken: readonly Scenario[] = [
  ...onWires(() => ({ name: "nothing under 200", acts: [[raw("")], [answers]], attempts: [2, 1] })),
  ...onWires(() => ({
    name: "a web page",
    acts: [[raw("<!doctype html><html><body>Bad gateway</body></html>", "text/html")], [answers]],
    attempts: [2, 1],
  })),
  { name: "no JSON", acts: [[raw("oops")], [answers]], attempts: [2, 1] },
  ...onWires(() => ({
    name: "JSON without an answer",
    acts: [[json({})], [answers]],
    attempts: [2, 1],
  })),
  { name: "no choices", acts: [[json({ choices: [] })], [answers]], attempts: [2, 1] },
  {
    name: "no candidates",
    specs: ["gemini", "chat"],
    acts: [[json({ candidates: [] })], [answers]],
    attempts: [2, 1],
  },
  {
    name: "an error under 200",
    acts: [[json({ error: { message: "Busy.", type: "server_error" } })], [answers]],
    attempts: [2, 1],
  },
  ...onWires(() => ({
    name: "an error event before any content",
    stream: true,
    acts: [[openThen(tellsError)], [answers]],
    attempts: [2, 1],
  })),
  {
    name: "[DONE] and nothing else",
    stream: true,
    acts: [[raw("data: [DONE]\n\n", "text/event-stream")], [answers]],
    attempts: [2, 1],
  },
  {
    name: "half a body",
    stream: false,
    acts: [[sends((text) => text.slice(0, 40))], [answers]],
    attempts: [2, 1],
  },
];

describe.each([
  ["server faults", serverFaults],
  ["rates", rates],
  ["dead credentials and models", dead],
  ["the caller's own", callersOwn],
  ["time-outs", timeOuts],
  ["what is no answer", broken],
] as const)("%s", (_, scenarios) => {
  test.concurrent.each(casesOf(scenarios))("%s", async (_name, one) => {
    await play(one);
  });
});
