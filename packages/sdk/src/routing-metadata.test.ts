import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Optimize, parseRoutingMetadata, toExtraBody } from "./index.ts";

const metadata = {
  provider: "p0",
  provider_model_id: "m-1",
  model_canonical: "m",
  routing_strategy: "cost",
  cost: { usd: 0 },
  attempts: [],
  of_a_later_gateway: 1,
};

test.each([
  ["an answer", { choices: [], routing_metadata: metadata }],
  ["a terminal event", { type: "response.completed", routing_metadata: metadata }],
  ["the answer in it", { type: "response.completed", response: { routing_metadata: metadata } }],
])("of %s", (_name, answer) => {
  expect(parseRoutingMetadata(answer)).toBe(metadata);
});

test.each(Object.keys(metadata).slice(0, 5))("without %s it is none", (name) => {
  expect(parseRoutingMetadata({ routing_metadata: { ...metadata, [name]: undefined } })).toBe(
    undefined,
  );
});

test("anything else has none, and nothing makes it throw", () => {
  const part = fc.anything();
  const close = fc.record({
    routing_metadata: fc.option(
      fc.record({ provider: part, cost: fc.oneof(part, fc.record({ usd: part })) }),
    ),
    response: fc.oneof(part, fc.record({ routing_metadata: part })),
  });
  fc.assert(
    fc.property(fc.oneof(part, close), (value) => {
      expect(parseRoutingMetadata(value)).toBe(undefined);
    }),
  );
});

test("options go into the body of another client", () => {
  expect(toExtraBody({ routing: { optimize: Optimize.TTFT_FOCUS }, explain: true })).toEqual({
    gateway: { routing: { optimize: "ttft-focus" }, explain: true },
  });
});
