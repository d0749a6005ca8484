import { describe, expect, test } from "vitest";
import type { GeminiDialect, NeutralRequest } from "../index.ts";
import { encodeGeminiRequest, plainGeminiDialect } from "../index.ts";

const base: NeutralRequest = {
  messages: [{ role: "user", parts: [{ kind: "text", text: "Hi" }] }],
  tools: [],
  excludeReasoning: false,
  sampling: {},
  stop: [],
  legacyFunctions: false,
  extensions: {},
};

const encode = (
  over: Partial<NeutralRequest>,
  dialect: GeminiDialect = plainGeminiDialect,
  cap: number | null = null,
) => {
  const { body, losses } = encodeGeminiRequest(
    { ...base, ...over },
    { dialect, maxOutputTokens: cap },
  );
  return { body, codes: losses.map(({ code }) => code) };
};

const gemini3: GeminiDialect = {
  thinking: { by: "level", levels: ["low", "medium", "high"] },
  needsCallSignatures: true,
};
const flash: GeminiDialect = {
  thinking: { by: "budget", leastTokens: 0, mostTokens: 24_576 },
  needsCallSignatures: false,
};

test("messages: instructions apart, roles in turns, results by name", () => {
  const { body, codes } = encode({
    messages: [
      { role: "system", parts: [{ kind: "text", text: "Be short." }] },
      { role: "user", parts: [{ kind: "text", text: "Look" }] },
      {
        role: "user",
        parts: [
          { kind: "image_url", url: "data:image/png;base64,AA==" },
          { kind: "image_url", url: "https://x/y.webp" },
          { kind: "audio", data: "BB==", format: "wav" },
          { kind: "file", data: "data:application/pdf;base64,CC==" },
        ],
      },
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "unsigned thoughts stay behind" },
          { kind: "text", text: "Calling", signature: "t", maker: "google" },
          {
            kind: "tool_call",
            id: "gcall_r_0",
            name: "f",
            arguments: '{"a":1}',
            signature: "s",
            maker: "google",
          },
          { kind: "tool_call", id: "fc_9", name: "g", arguments: "{}" },
        ],
      },
      { role: "tool", callId: "gcall_r_0", parts: [{ kind: "text", text: "one" }] },
      { role: "tool", callId: "fc_9", parts: [{ kind: "text", text: "no" }], isError: true },
      { role: "developer", parts: [{ kind: "text", text: "Later words." }] },
    ],
  });
  expect(codes).toEqual([]);
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: "Be short." }] },
    contents: [
      {
        role: "user",
        parts: [
          { text: "Look" },
          { inlineData: { mimeType: "image/png", data: "AA==" } },
          { fileData: { fileUri: "https://x/y.webp", mimeType: "image/webp" } },
          { inlineData: { mimeType: "audio/wav", data: "BB==" } },
          { inlineData: { mimeType: "application/pdf", data: "CC==" } },
        ],
      },
      {
        role: "model",
        parts: [
          { text: "Calling", thoughtSignature: "t" },
          { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "s" },
          { functionCall: { id: "fc_9", name: "g", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "f", response: { output: "one" } } },
          { functionResponse: { id: "fc_9", name: "g", response: { error: "no" } } },
          { text: "Later words." },
        ],
      },
    ],
  });
});

test("opaque pieces of other makers are left out with a loss; a foreign call passes Gemini 3's check", () => {
  const { body, codes } = encode(
    {
      messages: [
        {
          role: "assistant",
          parts: [
            { kind: "reasoning", text: "x", signature: "a", maker: "anthropic" },
            { kind: "reasoning_redacted", data: "d", maker: "anthropic" },
            {
              kind: "tool_call",
              id: "t",
              name: "f",
              arguments: "{}",
              signature: "o",
              maker: "openai",
            },
          ],
        },
      ],
    },
    gemini3,
  );
  expect(codes).toEqual(["reasoning_block_dropped"]);
  expect(body["contents"]).toEqual([
    {
      role: "model",
      parts: [
        {
          functionCall: { id: "t", name: "f", args: {} },
          thoughtSignature: "skip_thought_signature_validator",
        },
      ],
    },
  ]);
});

test("tools, choice, structured output and sampling", () => {
  const { body, codes } = encode(
    {
      tools: [
        { name: "f", description: "d", parameters: { type: "object" } },
        { name: "free", freeform: {} },
        { name: "none" },
      ],
      hostedTools: [
        { wire: "generate_content", type: "codeExecution", json: { codeExecution: {} } },
        { wire: "responses", type: "mcp", json: { type: "mcp" } },
      ],
      webSearch: {},
      toolChoice: { kind: "function", name: "f" },
      responseFormat: { kind: "json_schema", name: "n", schema: { type: "object" } },
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        seed: 7,
        presencePenalty: 1,
        logitBias: {},
      },
      stop: ["END"],
      n: 2,
      logprobs: true,
      topLogprobs: 3,
      maxOutputTokens: 500,
    },
    plainGeminiDialect,
    100,
  );
  expect(codes.toSorted()).toEqual([
    "content_dropped",
    "unsupported_parameter",
    "unsupported_parameter",
  ]);
  expect(body).toMatchObject({
    tools: [
      {
        functionDeclarations: [
          { name: "f", description: "d", parametersJsonSchema: { type: "object" } },
          { name: "free", parametersJsonSchema: { required: ["input"] } },
          { name: "none" },
        ],
      },
      { googleSearch: {} },
      { codeExecution: {} },
    ],
    toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
    generationConfig: {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      presencePenalty: 1,
      stopSequences: ["END"],
      maxOutputTokens: 100,
      responseLogprobs: true,
      logprobs: 3,
      responseMimeType: "application/json",
      responseJsonSchema: { type: "object" },
    },
  });
});

describe("reasoning", () => {
  const thinking = (
    over: Partial<NeutralRequest>,
    dialect: GeminiDialect,
    cap: number | null = null,
  ) => {
    const { body, codes } = encode(over, dialect, cap);
    const config = body["generationConfig"] as { thinkingConfig?: unknown } | undefined;
    return [config?.thinkingConfig, codes];
  };

  test("levels, the nearest lower one where a word is not known", () => {
    expect(thinking({ reasoningEffort: "medium" }, gemini3)).toEqual([
      { includeThoughts: true, thinkingLevel: "MEDIUM" },
      [],
    ]);
    expect(thinking({ reasoningEffort: "xhigh" }, gemini3)).toEqual([
      { includeThoughts: true, thinkingLevel: "HIGH" },
      ["reasoning_effort_adjusted"],
    ]);
    expect(thinking({ reasoningEffort: "minimal" }, gemini3)).toEqual([
      { includeThoughts: true, thinkingLevel: "LOW" },
      ["reasoning_effort_adjusted"],
    ]);
    expect(thinking({ reasoningBudgetTokens: 6000 }, gemini3)).toEqual([
      { includeThoughts: true, thinkingLevel: "MEDIUM" },
      [],
    ]);
  });

  test("budgets, within the model's bounds and below the cap", () => {
    expect(thinking({ reasoningEffort: "high", excludeReasoning: true }, flash)).toEqual([
      { includeThoughts: false, thinkingBudget: 16_000 },
      [],
    ]);
    expect(thinking({ reasoningEffort: "max" }, flash, 3000)).toEqual([
      { includeThoughts: true, thinkingBudget: 3000 },
      [],
    ]);
    expect(thinking({ reasoningEffort: "off" }, flash)).toEqual([
      { includeThoughts: false, thinkingBudget: 0 },
      [],
    ]);
    expect(thinking({ adaptiveReasoning: true }, flash)).toEqual([
      { includeThoughts: true, thinkingBudget: -1 },
      [],
    ]);
  });

  test("nothing is sent where nothing is asked, or the model does not think", () => {
    expect(thinking({}, gemini3)).toEqual([undefined, []]);
    expect(thinking({ reasoningEffort: "off" }, plainGeminiDialect)).toEqual([undefined, []]);
    expect(thinking({ reasoningEffort: "low" }, plainGeminiDialect)).toEqual([
      undefined,
      ["unsupported_parameter"],
    ]);
  });
});
