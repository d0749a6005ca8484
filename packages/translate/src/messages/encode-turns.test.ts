import { describe, expect, test } from "vitest";
import { createRawBody, readMessagesRequest } from "../index.ts";
import { decode, encode, minimal, neutral } from "../../test/messages-requests.ts";

describe("the turns", () => {
  test("neighbours of one role are one turn, results first; ids are made legal and stay with their calls", () => {
    const call = (id: string) =>
      ({ kind: "tool_call", id, name: "t", arguments: '{"a":1}' }) as const;
    const { body } = encode(
      neutral({
        messages: [
          { role: "system", parts: [{ kind: "text", text: "A" }] },
          { role: "developer", parts: [{ kind: "text", text: "B" }] },
          { role: "assistant", parts: [call("call:1")] },
          { role: "assistant", parts: [call("call|1"), call("ok_1")] },
          { role: "user", parts: [{ kind: "text", text: "first" }] },
          { role: "tool", callId: "call|1", parts: [{ kind: "text", text: "2" }] },
          { role: "tool", callId: "call:1", parts: [], isError: true },
          { role: "tool", callId: "ok_1", parts: [{ kind: "text", text: "3" }] },
        ],
      }),
    );
    expect(body["system"]).toEqual([
      { type: "text", text: "A" },
      { type: "text", text: "B" },
    ]);
    type Block = { type: string; id?: string; tool_use_id?: string };
    const turns = body["messages"] as readonly { role: string; content: Block[] }[];
    expect(turns.map(({ role }) => role)).toEqual(["assistant", "user"]);
    const ids = turns[0]?.content.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/u);
    expect(ids[2]).toBe("ok_1");
    const results = turns[1]?.content ?? [];
    expect(results.map(({ type }) => type)).toEqual([
      "tool_result",
      "tool_result",
      "tool_result",
      "text",
    ]);
    expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual([
      ids[1],
      ids[0],
      ids[2],
      undefined,
    ]);
  });

  test("nothing but instructions is still spoken to", () => {
    const { body } = encode(
      neutral({ messages: [{ role: "system", parts: [{ kind: "text", text: "Say hi." }] }] }),
    );
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Say hi." }] },
    ]);
    expect(body["system"]).toBeUndefined();
  });

  test("an answer to go on with does not end in blanks, and empty texts are left out", () => {
    const { body } = encode(
      neutral({
        messages: [
          {
            role: "user",
            parts: [
              { kind: "text", text: "" },
              { kind: "text", text: "Hi" },
            ],
          },
          { role: "assistant", parts: [{ kind: "text", text: "Well \n" }] },
        ],
      }),
    );
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Hi" }] },
      { role: "assistant", content: [{ type: "text", text: "Well" }] },
    ]);
  });

  test("only what Anthropic made goes back as thinking; the rest is one loss", () => {
    const { body, losses } = encode(
      neutral({
        messages: [
          { role: "user", parts: [{ kind: "text", text: "Hi" }] },
          {
            role: "assistant",
            parts: [
              { kind: "reasoning", text: "a", signature: "s", maker: "anthropic" },
              { kind: "reasoning", text: "b", signature: "s", maker: "openai" },
              { kind: "reasoning_redacted", data: "d", maker: "xai" },
              { kind: "text", text: "c", signature: "s", maker: "google" },
            ],
          },
          { role: "user", parts: [{ kind: "text", text: "Go on" }] },
        ],
      }),
    );
    expect(body["messages"]).toMatchObject([
      {},
      {
        content: [
          { type: "thinking", thinking: "a", signature: "s" },
          { type: "text", text: "c" },
        ],
      },
      {},
    ]);
    expect(losses).toEqual(["reasoning_block_dropped"]);
  });

  test("audio, and blocks of another wire, are told as left out", () => {
    const json = { type: "input_file" };
    const { losses } = encode(
      neutral({
        messages: [
          {
            role: "user",
            parts: [
              { kind: "audio", data: "aGk=", format: "mp3" },
              { kind: "native", wire: "responses", json },
              { kind: "text", text: "Hi" },
            ],
          },
        ],
        hostedTools: [{ wire: "responses", type: "web_search", json }],
        native: { wire: "responses", fields: { truncation: "auto" } },
      }),
    );
    expect(losses.toSorted()).toEqual(["content_dropped", "unsupported_field"]);
  });
});

describe("seals in the history", () => {
  test("go back to what they were attached to", () => {
    const { messages } = decode({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "x", signature: "pm1.openai.reasoning.enc" },
            { type: "text", text: "Hi" },
            { type: "thinking", thinking: "", signature: "pm1.google.text.sig" },
            { type: "thinking", thinking: "", signature: "pm1.google.call=t1.sig2" },
            { type: "tool_use", id: "t1", name: "f", input: {} },
            { type: "redacted_thinking", data: "pm1.xai.redacted.data" },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1" }] },
      ],
    });
    expect(messages).toEqual([
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "x", signature: "enc", maker: "openai" },
          { kind: "text", text: "Hi", signature: "sig", maker: "google" },
          {
            kind: "tool_call",
            id: "t1",
            name: "f",
            arguments: "{}",
            signature: "sig2",
            maker: "google",
          },
          { kind: "reasoning_redacted", data: "data", maker: "xai" },
        ],
      },
      { role: "tool", callId: "t1", parts: [] },
    ]);
  });

  test.each([
    { type: "thinking", thinking: "x", signature: "pm1.openai.reasoning.enc" },
    { type: "thinking", thinking: "x", signature: "" },
    { type: "redacted_thinking", data: "pm1.xai.redacted.data" },
    { type: "tool_use", id: "call:1", name: "f", input: {} },
  ])("and such a request is no pass-through: %j", (block) => {
    const body = { ...minimal, messages: [{ role: "assistant", content: [block] }] };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const read = readMessagesRequest(createRawBody(bytes), { betas: [], purpose: "answer" });
    expect(read.ok && read.caller.canPassThrough).toBe(false);
  });
});
