import {
  chatStreamViolations,
  messagesStreamViolations,
  responsesStreamViolations,
} from "@pointsman/translate/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRecordedGateway } from "./recorded-gateway.ts";
import type { RecordedGateway } from "./recorded-gateway.ts";
import { recordings as all } from "./recording.ts";

/** Each recorded stream, as each surface sends it on: nothing in it may break that surface's grammar. */
const streams = all.filter(({ stream }) => stream).map((one) => [one.file, one] as const);

const messages = [{ role: "user", content: "Hello" }];
const surfaces = [
  ["chat", "/chat/completions", { messages }, chatStreamViolations],
  ["Responses", "/responses", { input: "Hello" }, responsesStreamViolations],
  ["Messages", "/messages", { messages, max_tokens: 500 }, messagesStreamViolations],
] as const;

let gateway: RecordedGateway;
beforeAll(async () => {
  gateway = await startRecordedGateway();
});
afterAll(() => gateway.close());

describe.each(surfaces)("on %s", (_, path, body, violationsOf) => {
  it.each(streams)("%s", async (_file, recording) => {
    const { baseURL, apiKey, model } = gateway.play(recording);
    const response = await fetch(`${baseURL}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model, stream: true, ...body }),
    });
    const text = await response.text();
    // Refused before anything was said, a recording becomes an error with a status.
    if (!response.ok) return expect(JSON.parse(text)).toHaveProperty("error");
    // What passes through keeps the faults of its maker, or of whoever recorded it, and gets no new ones.
    const passes = recording.wire === "openai-responses" && path === "/responses";
    const inherited = passes ? violationsOf(Buffer.from(recording.bytes).toString()) : [];
    expect(violationsOf(text).filter((one) => !inherited.includes(one))).toEqual([]);
  });
});
