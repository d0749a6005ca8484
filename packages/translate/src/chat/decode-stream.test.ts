import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSse, recordedChatStreams } from "../../../../test/fixtures/wire/load.ts";
import type { StreamItem } from "../index.ts";
import { canonicalChatDialect, createChatStreamDecoder } from "../index.ts";

const utf8 = new TextEncoder();

const run = (sse: string, cuts: readonly number[] = []): StreamItem[] => {
  const decoder = createChatStreamDecoder(canonicalChatDialect);
  const items: StreamItem[] = [];
  const bytes = utf8.encode(sse);
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const to = Math.min(cut, bytes.length);
    decoder.push(bytes.slice(from, to), items);
    from = to;
  }
  decoder.end(items);
  return items;
};

const chunk = (choice: object, rest: object = {}): string =>
  JSON.stringify({ id: "i", model: "m", created: 1, choices: [{ index: 0, ...choice }], ...rest });

const stream = (...choices: object[]): StreamItem[] =>
  run(asSse(choices.map((choice) => chunk(choice)))).slice(1);

const calls = (...pieces: object[]): object => ({ delta: { tool_calls: pieces } });

describe("vendors' ways", () => {
  test("the last text, the finish and the usage in one chunk", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const sse = asSse([chunk({ delta: { content: "x" }, finish_reason: "stop" }, { usage })]);
    expect(run(sse).map(({ kind }) => kind)).toEqual(["head", "text", "finish", "usage"]);
  });

  test("usage in x_groq or in the choice", () => {
    const usage = { prompt_tokens: 7, completion_tokens: 2 };
    for (const data of [chunk({}, { x_groq: { usage } }), chunk({ usage })]) {
      expect(run(asSse([data])).at(-1)).toMatchObject({ kind: "usage", usage: { inputTokens: 7 } });
    }
  });

  test("an error line is an error, and ends the answer", () => {
    const items = run(
      asSse([
        chunk({ delta: { content: "x" } }),
        '{"error":{"message":"m","code":429}}',
        chunk({ delta: {}, finish_reason: "stop" }),
      ]),
    );
    expect(items.at(-1)).toEqual({
      kind: "error",
      error: { message: "m", type: null, code: "429", param: null },
    });
    expect(run('event: error\ndata: {"message":"m"}\n\n').at(-1)).toMatchObject({ kind: "error" });
    expect(run(asSse(['{"error":"overloaded"}'])).at(-1)).toMatchObject({
      error: { message: "overloaded" },
    });
  });

  test("insufficient_system_resource is a failure, no stop", () => {
    const items = stream(
      { delta: { content: "x" } },
      { delta: {}, finish_reason: "insufficient_system_resource" },
    );
    expect(items.map(({ kind }) => kind)).toEqual(["text", "error"]);
  });

  test("model_length is a length, with the vendor's word", () => {
    expect(stream({ delta: {}, finish_reason: "model_length" })).toEqual([
      { kind: "finish", choice: 0, reason: "length", native: "model_length" },
    ]);
  });

  test("the finish is tool_calls exactly if there is a call", () => {
    const call = calls({ index: 0, id: "a", function: { name: "f", arguments: "{}" } });
    expect(stream(call, { delta: {}, finish_reason: "stop" }).at(-1)).toMatchObject({
      reason: "tool_calls",
      native: "stop",
    });
    expect(stream({ delta: {}, finish_reason: "tool_calls" }).at(-1)).toMatchObject({
      reason: "stop",
      native: "tool_calls",
    });
  });

  test("calls are numbered without gaps, whatever index, id or name the pieces have", () => {
    const whole = (items: readonly StreamItem[]): unknown[] =>
      items.flatMap((item) =>
        item.kind === "tool_call"
          ? [[item.call, item.id, item.name]]
          : item.kind === "tool_arguments"
            ? [[item.call, item.text]]
            : [],
      );
    const two = [
      [0, "a", "f"],
      [0, "1"],
      [1, "b", "g"],
      [1, "2"],
    ];
    const f = { name: "f", arguments: "1" };
    const g = { name: "g", arguments: "2" };
    // Index from 1; one index for both; no index; ids empty or left out later.
    expect(
      whole(stream(calls({ index: 1, id: "a", function: f }, { index: 2, id: "b", function: g }))),
    ).toEqual(two);
    expect(
      whole(
        stream(
          calls({ index: 0, id: "a", function: f }),
          calls({ index: 0, id: "b", function: g }),
        ),
      ),
    ).toEqual(two);
    expect(whole(stream(calls({ id: "a", function: f }, { id: "b", function: g })))).toEqual(two);
    expect(
      whole(
        stream(
          calls({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
          calls({ index: 0, id: "", function: { name: "", arguments: "1" } }),
          calls({ id: "b", function: { name: "g" } }),
          calls({ function: { name: "", arguments: "2" } }),
        ),
      ),
    ).toEqual(two);
    // Interleaved by index, the name after the arguments, no id at all.
    expect(
      whole(
        stream(
          calls({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
          calls({ index: 1, id: "b", function: { arguments: "x" } }),
          calls({ index: 0, function: { arguments: "y" } }),
          calls({ index: 1, function: { name: "g" } }),
          calls({ index: 2, function: { name: "h", arguments: { k: 1 } } }),
        ),
      ),
    ).toEqual([
      [0, "a", "f"],
      [0, "y"],
      [1, "b", "g"],
      [1, "x"],
      [2, "call_0_2", "h"],
      [2, '{"k":1}'],
    ]);
  });

  test("a call without arguments means {}", () => {
    const items = stream(calls({ index: 0, id: "a", function: { name: "f", arguments: "" } }), {
      delta: {},
      finish_reason: "tool_calls",
    });
    expect(items.slice(1)).toEqual([
      { kind: "tool_arguments", choice: 0, call: 0, text: "{}" },
      { kind: "finish", choice: 0, reason: "tool_calls", native: null },
    ]);
  });

  test("reasoning with its marks, refusal, images, annotations, logprobs", () => {
    const items = stream({
      logprobs: { content: [] },
      delta: {
        reasoning_content: "r",
        reasoning_signature: "s",
        reasoning_redacted_data: "d",
        refusal: "no",
        images: [
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
          { type: "image", mime_type: "image/webp", data: "BB==", thought_signature: "t" },
        ],
        annotations: [{ type: "url_citation", url_citation: { url: "u", start_index: 2 } }],
      },
    });
    expect(items).toEqual([
      { kind: "logprobs", choice: 0, logprobs: { content: [] } },
      { kind: "reasoning", choice: 0, text: "r" },
      { kind: "reasoning_signature", choice: 0, signature: "s" },
      { kind: "reasoning_redacted", choice: 0, data: "d" },
      { kind: "refusal", choice: 0, text: "no" },
      { kind: "image", choice: 0, mimeType: "image/png", data: "AA==" },
      { kind: "image", choice: 0, mimeType: "image/webp", data: "BB==", signature: "t" },
      {
        kind: "annotations",
        choice: 0,
        annotations: [{ kind: "url_citation", url: "u", start: 2 }],
      },
    ]);
  });

  test("sources beside the choices become annotations, once, before the finish", () => {
    const rest = { citations: ["https://a"], search_results: [{ url: "https://b", title: "B" }] };
    const sse = asSse([
      chunk({ delta: { content: "x" } }, rest),
      chunk({ delta: {}, finish_reason: "stop" }, rest),
    ]);
    const items = run(sse);
    expect(items.map(({ kind }) => kind)).toEqual(["head", "text", "annotations", "finish"]);
    expect(items[2]).toMatchObject({
      annotations: [{ kind: "url_citation", url: "https://b", title: "B" }],
    });
  });

  test("what is no JSON is reported and skipped; [DONE] and comments are neither", () => {
    const good = chunk({ delta: { content: "x" } });
    const items = run(`: hi\n\ndata: {"a\n\ndata: 1\n\ndata: ${good}\n\ndata: [DONE]\n\n`);
    expect(items.map(({ kind }) => kind)).toEqual(["malformed", "malformed", "head", "text"]);
  });

  test("the last event may lack its empty line, and half an event is none", () => {
    const good = `data: ${chunk({ delta: { content: "x" } })}`;
    expect(run(good).map(({ kind }) => kind)).toEqual(["head", "text"]);
    expect(run(good.slice(0, -4)).map(({ kind }) => kind)).toEqual(["malformed"]);
  });
});

test("however the bytes are cut, the items are the same", () => {
  const sse = recordedChatStreams()
    .slice(0, 3)
    .map(({ chunks }) => asSse(chunks.slice(-12)))
    .map((text, index) => (index === 1 ? text.replaceAll("\n", "\r\n") : text));
  fc.assert(
    fc.property(
      fc.constantFrom(...sse),
      fc.array(fc.nat(6000), { maxLength: 20 }),
      (text, cuts) => {
        expect(run(text, cuts)).toEqual(run(text));
      },
    ),
    { numRuns: 60 },
  );
});
