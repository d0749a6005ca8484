import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { streamingClient } from "../../test/fake-gateway.ts";
import { APIConnectionError, Client } from "../index.ts";
import { openExchange, sleep } from "./exchange.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A signal that knows who listens to it. */
const watched = () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: () => void) => {
    listeners += 1;
    add(type, listener);
  };
  signal.removeEventListener = (type: string, listener: () => void) => {
    listeners -= 1;
    remove(type, listener);
  };
  return { controller, signal, listeners: () => listeners };
};

test("the time limit ends it, with an error of the connection", () => {
  const exchange = openExchange({ signal: undefined, timeoutMs: 100 });
  vi.advanceTimersByTime(99);
  expect(exchange.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  const error = exchange.failureOf(new Error("whatever fetch says"), "unreachable");
  expect(error).toBeInstanceOf(APIConnectionError);
  expect(error.message).toBe("No answer within 100 ms.");
});

test("a head in time ends the limit, and so does the end", () => {
  const { signal, listeners } = watched();
  const exchange = openExchange({ signal, timeoutMs: 100 });
  expect([vi.getTimerCount(), listeners()]).toEqual([1, 1]);
  exchange.inTime();
  expect([vi.getTimerCount(), listeners()]).toEqual([0, 1]);
  exchange.close();
  expect(listeners()).toBe(0);
  openExchange({ signal, timeoutMs: 100 }).close();
  expect([vi.getTimerCount(), listeners()]).toEqual([0, 0]);
});

test.each([Infinity, 2 ** 31])("%d ms are no limit, and not none at all", (timeoutMs) => {
  const exchange = openExchange({ signal: undefined, timeoutMs });
  expect(vi.getTimerCount()).toBe(0);
  expect(exchange.signal.aborted).toBe(false);
});

test("the caller's signal ends it with its reason", () => {
  const reason = new Error("the train has left");
  const early = AbortSignal.abort(reason);
  expect(openExchange({ signal: early, timeoutMs: 100 }).signal.reason).toBe(reason);
  const controller = new AbortController();
  const exchange = openExchange({ signal: controller.signal, timeoutMs: 100 });
  controller.abort("told in a word");
  const error = exchange.failureOf(new Error("x"), "unreachable");
  expect(error).toMatchObject({ name: "AbortError", message: "told in a word" });
});

test("nothing is left behind by calls that ended, well or not", async () => {
  const { signal, listeners } = watched();
  const body = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
  const params = { model: "m", messages: [{ role: "user", content: "hi" }], stream: true } as const;
  const { client } = streamingClient(body);
  const stream = await client.chat.completions.create(params, { signal });
  expect(listeners()).toBe(1);
  for await (const { choices } of stream) expect(choices).toHaveLength(1);
  const left = await client.chat.completions.create(params, { signal });
  left.abort();
  const options = { apiKey: "pk", maxRetries: 0 };
  const well = new Client({ ...options, fetch: async () => Response.json({}) });
  await well.me.get({ signal });
  const ill = new Client({ ...options, fetch: async () => Response.json({}, { status: 500 }) });
  await expect(ill.me.get({ signal })).rejects.toThrow("is no error of this API");
  const lost = new Client({ ...options, fetch: () => Promise.reject(new TypeError("failed")) });
  await expect(lost.me.get({ signal })).rejects.toThrow("cannot be reached");
  expect([vi.getTimerCount(), listeners()]).toEqual([0, 0]);
});

test("a wait ends by its time, or by its signal", async () => {
  const { controller, signal, listeners } = watched();
  const one = sleep(100, signal);
  vi.advanceTimersByTime(100);
  await one;
  expect([vi.getTimerCount(), listeners()]).toEqual([0, 0]);
  const other = sleep(100, signal);
  controller.abort();
  await expect(other).rejects.toMatchObject({ name: "AbortError" });
  expect(vi.getTimerCount()).toBe(0);
});
