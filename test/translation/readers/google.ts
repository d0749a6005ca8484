import { GoogleGenAI } from "@google/genai";
import type { Json, Reader, Said, SaidCall } from "../said.ts";
import { asJson, count, objects, question, text } from "../said.ts";

const finishes: Readonly<Record<string, Said["finish"]>> = {
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
};

type Step = string | number;

const stepsOf = (path: string): readonly Step[] =>
  [...path.matchAll(/\.(\w+)|\[(\d+)\]/gu)].map(([, name, index]) =>
    index === undefined ? (name ?? "") : Number(index),
  );

/** Writes a piece of streamed arguments where its path says; texts come in pieces. */
const write = (root: Record<Step, unknown>, path: string, piece: Json): void => {
  const steps = stepsOf(path);
  let at = root;
  for (const [place, step] of steps.slice(0, -1).entries()) {
    at[step] ??= typeof steps[place + 1] === "number" ? [] : {};
    // A path leads through objects and lists only.
    at = at[step] as Record<Step, unknown>;
  }
  const last = steps.at(-1) ?? "";
  const before = at[last];
  if (typeof piece["stringValue"] === "string") at[last] = text(before) + piece["stringValue"];
  else if ("numberValue" in piece) at[last] = piece["numberValue"];
  else if ("boolValue" in piece) at[last] = piece["boolValue"];
  else if ("nullValue" in piece) at[last] = null;
};

/** The calls of an answer's parts; arguments may come whole or in pieces. */
const callsOf = (parts: readonly Json[]): readonly SaidCall[] => {
  const calls: { name: string; args: Record<Step, unknown> }[] = [];
  for (const part of parts) {
    if (part["functionCall"] === undefined) continue;
    const call = asJson(part["functionCall"]);
    const name = text(call["name"]);
    if (name !== "") calls.push({ name, args: { ...asJson(call["args"]) } });
    for (const piece of objects(call["partialArgs"])) {
      const open = calls.at(-1);
      if (open !== undefined) write(open.args, text(piece["jsonPath"]).replace("$", ""), piece);
    }
  }
  return calls;
};

const saidOf = (chunks: readonly Json[]): Said => {
  const candidates = chunks.flatMap((chunk) => objects(chunk["candidates"]));
  const parts = candidates.flatMap((candidate) => objects(asJson(candidate["content"])["parts"]));
  const calls = callsOf(parts);
  const reason = candidates.map(({ finishReason }) => text(finishReason)).findLast(Boolean) ?? "";
  // Running totals; a chunk in the middle may count nothing.
  const usages = chunks.map((chunk) => asJson(chunk["usageMetadata"]));
  const usage = usages.findLast((entry) => "promptTokenCount" in entry) ?? {};
  return {
    text: parts.map((part) => (part["thought"] === true ? "" : text(part["text"]))).join(""),
    reasoning: parts.map((part) => (part["thought"] === true ? text(part["text"]) : "")).join(""),
    calls,
    finish: finishes[reason] ?? (calls.length > 0 ? "tool_calls" : "stop"),
    usage: {
      input: count(usage["promptTokenCount"]) + count(usage["toolUsePromptTokenCount"]),
      output: count(usage["candidatesTokenCount"]) + count(usage["thoughtsTokenCount"]),
    },
    warnings: [],
  };
};

/** Google's client, for what a recording of Google's says. */
export const googleGenerateContent: Reader = {
  name: "@google/genai",
  read: async ({ baseURL, apiKey, model }, stream) => {
    // The client adds /v1beta itself.
    const client = new GoogleGenAI({
      apiKey,
      httpOptions: { baseUrl: baseURL.replace(/\/v1(beta)?$/u, "") },
    });
    const ask = { model, contents: question };
    if (!stream) return saidOf([asJson(await client.models.generateContent(ask))]);
    const chunks: Json[] = [];
    for await (const chunk of await client.models.generateContentStream(ask)) {
      chunks.push(asJson(chunk));
    }
    return saidOf(chunks);
  },
};
