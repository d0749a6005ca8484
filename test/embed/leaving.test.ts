import Anthropic from "@anthropic-ai/sdk";
import { createPointsman } from "@pointsman/ai-sdk-provider";
import type { Engine, FinishedLocalRequest, LocalFetch } from "@pointsman/engine";
import { Client } from "@pointsman/sdk";
import { streamText } from "ai";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { drips, openThen, says } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";
import { engineOfLab } from "./engine-of-lab.ts";

let lab: Lab;
let engine: Engine;
let fetch: LocalFetch;
let finished: FinishedLocalRequest[];
beforeEach(async () => {
  lab = await startLab(["chat"]);
  finished = [];
  const onFinished = (one: FinishedLocalRequest): void => void finished.push(one);
  ({ engine, fetch } = engineOfLab(lab, ["chat"], { onFinished }));
  // Ten seconds long.
  lab.upstreams[0]?.play(says(words, drips(50)));
});
afterEach(async () => {
  await engine.close();
  await lab.close();
});

const words = Array.from({ length: 200 }, (_, at) => `word${at} `);
const content = "Which track is the express on today?";
const messages = [{ role: "user" as const, content }];
const chat = { model: "lab", messages, stream: true } as const;
const message = { ...chat, max_tokens: 500 } as const;
const answer = { model: "lab", input: content, stream: true } as const;

/** Reads on until something was said, and leaves by ending the loop. */
const leave = async <T>(stream: AsyncIterable<T>): Promise<void> => {
  for await (const one of stream) if (JSON.stringify(one).includes("word")) return;
  throw new Error("the stream ended before anybody left");
};

const openai = (): OpenAI =>
  new OpenAI({ apiKey: "none", baseURL: "http://in-process/v1", fetch, maxRetries: 0 });
const sdk = (): Client => new Client({ apiKey: "none", fetch, maxRetries: 0 });

const ways: Readonly<Record<string, () => Promise<void>>> = {
  "openai, chat: break": async () => leave(await openai().chat.completions.create(chat)),
  "openai, Responses: break": async () => leave(await openai().responses.create(answer)),
  "anthropic: break": async () => {
    const client = new Anthropic({ apiKey: "none", baseURL: "http://in-process", fetch });
    await leave(await client.messages.create(message));
  },
  "@pointsman/sdk: break": async () => leave(await sdk().chat.completions.create(chat)),
  "@pointsman/sdk: abort()": async () => {
    const stream = await sdk().messages.create(message);
    await stream[Symbol.asyncIterator]().next();
    stream.abort();
  },
  "AI SDK: signal": async () => {
    const leaving = new AbortController();
    const pointsman = createPointsman({ apiKey: "none", fetch });
    const { textStream } = streamText({
      model: pointsman.chat("lab"),
      prompt: content,
      abortSignal: leaving.signal,
    });
    await leave(textStream);
    leaving.abort();
  },
  "openai: signal before the head": async () => {
    lab.upstreams[0]?.play(openThen(() => {}));
    const leaving = new AbortController();
    const asked = openai().chat.completions.create(
      { ...chat, stream: false },
      { signal: leaving.signal },
    );
    await until(() => (lab.upstreams[0]?.attempts.length ?? 0) > 0);
    leaving.abort();
    await expect(asked).rejects.toThrow("aborted");
  },
  "fetch: cancel of the body": async () => {
    const response = await fetch(lab.url + "/chat/completions", lab.request().init);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  },
  "fetch: signal": async () => {
    const leaving = new AbortController();
    const { url, init } = lab.request({ signal: leaving.signal });
    const reader = (await fetch(url, init)).body?.getReader();
    await reader?.read();
    leaving.abort(new Error("enough"));
    await expect(reader?.read()).rejects.toThrow("enough");
  },
};

test.each(Object.keys(ways))(
  "%s: the call at the provider is over within a second",
  async (name) => {
    await ways[name]?.();
    const leftAtMs = performance.now();
    const [upstream] = lab.upstreams;
    await until(() => upstream?.attempts[0]?.aborted === true);
    expect((upstream?.attempts[0]?.abortedAtMs ?? Infinity) - leftAtMs).toBeLessThan(1000);
    expect(upstream?.attempts).toHaveLength(1);
    expect(finished).toMatchObject([{ outcome: "client_disconnected" }]);
    expect(finished[0]?.report?.attempts).toMatchObject([{ outcome: "cancelled" }]);
  },
);

test("a slow reader holds up the provider, and gets all in the end", async () => {
  const piece = "x".repeat(1024 * 1024);
  let written = 0;
  const count = 64;
  lab.upstreams[0]?.play(
    says([piece], ({ events, response }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(events.opening.join(""));
      const more = (): void => {
        while (written < count) {
          written += 1;
          if (!response.write(events.content.join(""))) {
            response.once("drain", more);
            return;
          }
        }
        response.end(events.closing.join(""));
      };
      more();
    }),
  );
  const { url, init } = lab.request();
  const response = await fetch(url, init);
  // What sockets and the stream hold, no more; the provider's silence time-out is long past.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(written).toBeLessThan(count / 2);
  const body = await response.text();
  expect(written).toBe(count);
  expect(body.length).toBeGreaterThan(count * piece.length);
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  await until(() => finished.length > 0);
  expect(finished).toMatchObject([{ outcome: "success" }]);
});
