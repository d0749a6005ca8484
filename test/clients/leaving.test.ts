import Anthropic from "@anthropic-ai/sdk";
import { createPointsman } from "@pointsman/ai-sdk-provider";
import { Client } from "@pointsman/sdk";
import { PointsmanOpenAI } from "@pointsman/sdk/openai";
import { streamText } from "ai";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSlowLab } from "./slow-lab.ts";
import type { SlowLab } from "./slow-lab.ts";

let lab: SlowLab;
beforeEach(async () => {
  lab = await startSlowLab();
});
afterEach(() => lab.close());

const content = "Which track is the express on today?";
const messages = [{ role: "user" as const, content }];
const chat = { model: "lab", messages, stream: true } as const;
const response = { model: "lab", input: content, stream: true } as const;
const message = { ...chat, max_tokens: 500 } as const;

/** Reads on until the first word, and leaves by ending the loop. */
const leave = async <T>(stream: AsyncIterable<T>, isWord: (one: T) => boolean): Promise<void> => {
  for await (const one of stream) if (isWord(one)) return;
  throw new Error("the stream ended before anybody left");
};

const openai = (): OpenAI => new OpenAI({ baseURL: lab.url, apiKey: lab.apiKey });
const anthropic = (): Anthropic =>
  new Anthropic({ baseURL: lab.url.replace(/\/v1$/u, ""), authToken: lab.apiKey, apiKey: null });
const sdk = (): Client => new Client({ baseUrl: lab.url, apiKey: lab.apiKey });

/** The AI SDK is left by a signal. */
const leaveAi = async (wire: "chat" | "responses"): Promise<void> => {
  const pointsman = createPointsman({ baseURL: lab.url, apiKey: lab.apiKey });
  const leaving = new AbortController();
  const { textStream } = streamText({
    model: pointsman[wire]("lab"),
    prompt: content,
    abortSignal: leaving.signal,
  });
  await leave(textStream, (delta) => delta !== "");
  leaving.abort();
};

const hasWord = (chunk: {
  readonly choices: readonly { readonly delta: { readonly content?: string | null } }[];
}): boolean => (chunk.choices[0]?.delta.content ?? "") !== "";
const isTextDelta = ({ type }: { readonly type: string }): boolean =>
  type === "response.output_text.delta";
const isBlockDelta = ({ type }: { readonly type: string }): boolean =>
  type === "content_block_delta";

const clients: Readonly<Record<string, () => Promise<void>>> = {
  "openai, chat": async () => leave(await openai().chat.completions.create(chat), hasWord),
  "openai, Responses": async () => leave(await openai().responses.create(response), isTextDelta),
  PointsmanOpenAI: async () => {
    const client = new PointsmanOpenAI({ baseURL: lab.url, apiKey: lab.apiKey });
    await leave(await client.chat.completions.create(chat), hasWord);
  },
  anthropic: async () => leave(await anthropic().messages.create(message), isBlockDelta),
  "AI SDK, chat": () => leaveAi("chat"),
  "AI SDK, Responses": () => leaveAi("responses"),
  "@pointsman/sdk, chat": async () => leave(await sdk().chat.completions.create(chat), hasWord),
  "@pointsman/sdk, Responses": async () =>
    leave(await sdk().responses.create(response), isTextDelta),
  "@pointsman/sdk, Messages": async () => leave(await sdk().messages.create(message), isBlockDelta),
};

test.each(Object.keys(clients))(
  "%s: who leaves in the midst of an answer ends it at the provider, and pays what was said",
  async (name) => {
    await clients[name]?.();
    await lab.expectLeft(Date.now());
    expect.hasAssertions();
  },
);
