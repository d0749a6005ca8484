import type { AdapterOptions } from "@pointsman/provider";
import { expect, test } from "vitest";
import { createScriptedAdapter } from "../../test/scripted-adapter.ts";
import { defaultTimeouts } from "../run/timeouts.ts";
import { completeProvider } from "./provider-setup.ts";

const adapter = createScriptedAdapter("p");

test("a factory is told where the provider is, and each key is an account", () => {
  const told: AdapterOptions[] = [];
  const factory = (options: AdapterOptions) => {
    told.push(options);
    return adapter;
  };
  const plain = completeProvider({ id: "p", adapter: factory, apiKeys: ["a", undefined, ""] });
  expect(plain.accounts).toEqual([
    { credential: { id: "p:0", provider: "p", owner: "platform" }, apiKey: "a" },
    { credential: { id: "p:2", provider: "p", owner: "platform" }, apiKey: "" },
  ]);
  expect(plain.timeouts).toEqual(defaultTimeouts);
  const { concurrency, timeouts } = completeProvider({
    id: "p",
    adapter: factory,
    baseUrl: "http://127.0.0.1:1/v1",
    preset: "groq",
    timeouts: { connectMs: 7 },
    concurrency: 2,
  });
  expect([concurrency, timeouts]).toEqual([2, { ...defaultTimeouts, connectMs: 7 }]);
  expect(told).toEqual([
    { provider: "p", baseUrl: null, preset: null, connectMs: 5000 },
    { provider: "p", baseUrl: "http://127.0.0.1:1/v1", preset: "groq", connectMs: 7 },
  ]);
});

test("a provider that is whole stays as it is", () => {
  const whole = completeProvider({ id: "p", adapter, apiKeys: ["a"], concurrency: 2 });
  expect(completeProvider(whole)).toEqual(whole);
});
