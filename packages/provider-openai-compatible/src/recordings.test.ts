import { readFileSync, readdirSync } from "node:fs";
import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { ProviderReply, StreamItem } from "@pointsman/translate";
import { afterEach, expect, test } from "vitest";
import { presetOfVendor } from "../../../test/fixtures/wire/load.ts";
import { createLoopback, makeCall, run, textOf } from "./test-kit.ts";

const wire = new URL("../../../test/fixtures/wire/", import.meta.url);

type Part = { readonly type?: string; readonly text?: string };
type Message = {
  readonly content?: string | readonly Part[] | null;
  readonly tool_calls?: readonly {
    readonly function: { readonly name?: string; readonly arguments?: string };
  }[];
};
type Chunk = {
  readonly choices: readonly {
    delta?: Message;
    message?: Message;
    finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
  } | null;
};

const plain = (content: Message["content"]): string => {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
};

const parse = (data: string): Chunk => {
  const chunk: Chunk = JSON.parse(data);
  return chunk;
};

/** What a recording holds, read by the plainest means. */
const summary = (
  chunks: readonly Chunk[],
): {
  text: string;
  finish: string;
  prompt: number;
  completion: number;
  calls: readonly string[];
} => {
  let text = "";
  let finish = "";
  const calls: string[] = [];
  let usage: Chunk["usage"] = null;
  for (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices) {
      // One file holds the next answer of its conversation too; it is none of the first.
      if (finish !== "") continue;
      text += plain((choice.delta ?? choice.message)?.content);
      finish = choice.finish_reason ?? finish;
      // Each name opens a call; no recording interleaves two.
      for (const { function: piece } of choice.delta?.tool_calls ?? []) {
        if (piece.name) calls.push(`${piece.name} `);
        calls.push((calls.pop() ?? "") + (piece.arguments ?? ""));
      }
    }
  }
  const {
    prompt_tokens: prompt = -1,
    completion_tokens: completion = -1,
    total_tokens: total = -1,
  } = usage ?? {};
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  const outside = total === prompt + completion + reasoning ? reasoning : 0;
  return {
    text,
    finish,
    prompt,
    completion: completion + outside,
    calls,
  };
};

const recordings = Object.entries(presetOfVendor).flatMap(([vendor, preset]) =>
  readdirSync(new URL(`${vendor}/openai-chat/`, wire))
    .filter((file) => !file.includes("error"))
    .map((file) => ({ vendor, preset, file, url: new URL(`${vendor}/openai-chat/${file}`, wire) })),
);

/** The stream as it was on the wire, and its chunks. */
const eventsOf = (file: string, recorded: string): { sse: string; chunks: Chunk[] } => {
  const datas = file.endsWith(".sse")
    ? recorded
        .split("\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => line.slice(6))
    : recorded.split("\n").filter((line) => line.trim() !== "");
  const sse = datas.map((data) => `data: ${data}\n\n`).join("");
  return { sse, chunks: datas.map(parse) };
};

const loopback = createLoopback();
afterEach(() => loopback.close());

const finishOf = (items: readonly StreamItem[]): readonly string[] =>
  items.flatMap((item) => (item.kind === "finish" ? [item.reason] : []));

/** Name and arguments of every call. */
const callsOf = (items: readonly StreamItem[]): readonly string[] => {
  const calls: string[] = [];
  for (const item of items) {
    if (item.kind === "tool_call") calls[item.call] = `${item.name} `;
    if (item.kind === "tool_arguments") calls[item.call] += item.text;
  }
  return calls;
};

const streams = recordings.filter(({ file }) => !file.endsWith(".json"));
const replies = recordings.filter(({ file }) => file.endsWith(".json"));

test.each(streams)("$file streams with the preset $preset", async ({ preset, file, url }) => {
  const { sse, chunks } = eventsOf(file, readFileSync(url, "utf8"));
  const bytes = Buffer.from(`${sse}data: [DONE]\n\n`);
  // Pieces of 1,447 bytes cut events, lines and characters anywhere.
  const adapter = await loopback.serve(preset, (_request, response) => {
    response.setHeader("content-type", "text/event-stream");
    for (let at = 0; at < bytes.length; at += 1_447) response.write(bytes.subarray(at, at + 1_447));
    response.end();
  });
  const { items, end } = await run(adapter, makeCall());
  const expected = summary(chunks);
  expect(textOf(items)).toBe(expected.text);
  expect(finishOf(items)).toEqual([expected.finish]);
  if (preset !== "openai") expect(callsOf(items)).toEqual(expected.calls);
  expect(end).toMatchObject({ ok: true, reply: null });
  if (expected.prompt === -1) expect(end.usage).toBeNull();
  else {
    expect(end.usage === null ? -1 : promptTokensOf(end.usage)).toBe(expected.prompt);
    expect(end.usage === null ? -1 : completionTokensOf(end.usage)).toBe(expected.completion);
  }
});

const replyText = (reply: ProviderReply | null): { text: string; finish: string } => {
  if (reply?.kind !== "neutral") throw new Error("no decoded reply");
  const [choice] = reply.reply.choices;
  const parts = choice?.parts ?? [];
  return {
    text: parts.map((part) => (part.kind === "text" ? part.text : "")).join(""),
    finish: choice?.finish ?? "",
  };
};

test.each(replies.filter(({ preset }) => preset !== "openai"))(
  "$file answers with the preset $preset, asked to stream or not",
  async ({ preset, url }) => {
    const body = readFileSync(url);
    const adapter = await loopback.serve(preset, (_request, response) => response.end(body));
    const expected = summary([parse(body.toString())]);
    const whole = await run(adapter, makeCall({}, { stream: false }));
    if (!whole.end.ok) throw new Error(whole.end.failure.message);
    expect(replyText(whole.end.reply)).toEqual({ text: expected.text, finish: expected.finish });
    expect(whole.end.usage === null ? -1 : promptTokensOf(whole.end.usage)).toBe(expected.prompt);
    const streamed = await run(adapter, makeCall());
    expect(textOf(streamed.items)).toBe(expected.text);
    expect(streamed.end).toMatchObject({ ok: true, usage: whole.end.usage });
  },
);

test("a recorded refusal of `max_tokens` names the parameter", async () => {
  const url = new URL("openai/openai-chat/reasoning-model-legacy-parameter-error.json", wire);
  const adapter = await loopback.serve("openai", (_request, response) => {
    response.writeHead(400);
    response.end(readFileSync(url));
  });
  expect((await run(adapter, makeCall())).end).toMatchObject({
    failure: { outcome: "unsupported_parameter", error: { param: "max_tokens" } },
  });
});
