import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countTokens } from "../tokens/tokenize.ts";
import { answer } from "./answer.ts";
import { emissionOf } from "./emission.ts";
import type { ModelMessage, ModelRequest } from "./model-request.ts";

const said = (role: ModelMessage["role"], text: string): ModelMessage => {
  return { role, text, images: 0, toolName: null };
};

const asking = (text: string, changes: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [said("user", text)],
  tools: [],
  toolChoice: { mode: "auto" },
  parallelToolCalls: true,
  format: { kind: "text" },
  reasoningEffort: null,
  seed: null,
  ...changes,
});

const contentOf = (text: string, changes?: Partial<ModelRequest>): string =>
  answer(asking(text, changes), 0, 0).content;

const tool = (name: string) => ({ name, parameters: { type: "object" } });

describe("a simulated model", () => {
  test("answers in 20 to 80 tokens with words of the prompt, the same each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer(), (noise, seed) => {
        const request = asking(`Compare railway signals with semaphores. ${noise.slice(0, 9)}`);
        const { content } = answer(request, seed, 0);
        expect(countTokens(content)).toBeGreaterThanOrEqual(20);
        expect(countTokens(content)).toBeLessThanOrEqual(80);
        expect(content).toMatch(/railway|signals|semaphores/i);
        expect(answer(request, seed, 0).content).toBe(content);
      }),
    );
    expect(answer(asking("Trains?"), 0, 1)).not.toEqual(answer(asking("Trains?"), 0, 0));
    expect(answer(asking("Trains?"), 1, 0)).not.toEqual(answer(asking("Trains?"), 0, 0));
  });

  test("writes as much as is asked for", () => {
    expect(contentOf("Explain junctions in 150 words.").split(" ")).toHaveLength(150);
    expect(countTokens(contentOf("Write 777 tokens about points."))).toBe(777);
    expect(contentOf("Describe a siding in 4 sentences.").match(/[.]/g)).toHaveLength(4);
  });

  test("repeats verbatim", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary-ascii" })),
        (text) => {
          expect(contentOf(`Repeat exactly: ${text}`)).toBe(text);
          expect(contentOf(`Please do.\nRepeat exactly:\n${text}`)).toBe(text);
        },
      ),
    );
  });

  test("goes on with its own beginning", () => {
    const whole = contentOf("Tell me about viaducts.");
    const begun = [said("user", "Tell me about viaducts."), said("assistant", whole.slice(0, 25))];
    expect(contentOf("", { messages: begun })).toBe(whole.slice(25));
  });

  test("calls the tools that it must, or that the message names", () => {
    const tools = [tool("get_weather"), tool("get_time")];
    const called = (text: string, changes: Partial<ModelRequest>) =>
      answer(asking(text, { tools, ...changes }), 0, 0).toolCalls.map((call) => call.name);
    const both = ["get_weather", "get_time"];
    expect(called("hi", { toolChoice: { mode: "required" } })).toEqual(both);
    expect(called("hi", { toolChoice: { mode: "named", name: "get_time" } })).toEqual(["get_time"]);
    expect(called("Please use the tools.", {})).toEqual(both);
    expect(called("Please use the tools.", { parallelToolCalls: false })).toEqual(["get_weather"]);
    expect(called("Ask get_time for it.", {})).toEqual(["get_time"]);
    expect(called("Ask get_time for it.", { toolChoice: { mode: "none" } })).toEqual([]);
    expect(called("What a fine day.", {})).toEqual([]);
  });

  test("tells what its tools said, and sees images", () => {
    const result = { ...said("tool", "17 degrees"), toolName: "get_weather" };
    const messages = [said("user", "Use get_weather"), said("assistant", ""), result];
    const told = contentOf("", { messages, tools: [tool("get_weather")] });
    expect(told).toContain("The result of get_weather is: 17 degrees");
    const seen = contentOf("", { messages: [{ ...said("user", "What is it?"), images: 1 }] });
    expect(seen).toContain("an image");
  });

  test("reasons longer at higher effort", () => {
    const reasoned = (["minimal", "low", "medium", "high"] as const).map((reasoningEffort) =>
      countTokens(answer(asking("Why?", { reasoningEffort }), 0, 0).reasoning),
    );
    expect(reasoned.toSorted((a, b) => a - b)).toEqual(reasoned);
    expect(answer(asking("Why?"), 0, 0).reasoning).toBe("");
  });
});

describe("an emission", () => {
  const callId = (index: number): string => `call_${index}`;

  test("is never longer than allowed, and says so", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.boolean(), (maxTokens, reasons) => {
        const said = answer(asking("Bridges?", reasons ? { reasoningEffort: "low" } : {}), 0, 0);
        const full = countTokens(said.reasoning) + countTokens(said.content);
        const { pieces, finish } = emissionOf(said, { maxTokens, stop: [], callId });
        expect(pieces).toHaveLength(Math.min(full, maxTokens));
        expect(finish).toBe(full > maxTokens ? "length" : "stop");
      }),
    );
  });

  test("ends before a stop sequence", () => {
    const said = answer(asking("Repeat exactly: one two STOP three END"), 0, 0);
    const { pieces, finish } = emissionOf(said, {
      maxTokens: Infinity,
      stop: ["END", "STOP", ""],
      callId,
    });
    const text = pieces.map((piece) => ("text" in piece ? piece.text : "")).join("");
    expect(text).toBe("one two ");
    expect(finish).toBe("stop");
  });
});
