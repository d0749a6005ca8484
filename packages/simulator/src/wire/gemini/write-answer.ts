import { promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { Emission, FinishReason, Piece } from "../../model/emission.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { sign } from "../signature.ts";
import type { AnswerHead, AnswerWriter } from "../wire.ts";
import { callText, vendor } from "./read-contents.ts";
import type { GeminiExtras } from "./read-request.ts";

/** As Google counts it: cached tokens inside the prompt, thoughts beside the candidates. */
const usageJson = (usage: Usage): Json => ({
  promptTokenCount: promptTokensOf(usage),
  ...(usage.cacheReadTokens > 0 ? { cachedContentTokenCount: usage.cacheReadTokens } : {}),
  ...(usage.outputTokens > 0 ? { candidatesTokenCount: usage.outputTokens } : {}),
  ...(usage.reasoningTokens > 0 ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
  totalTokenCount: promptTokensOf(usage) + usage.outputTokens + usage.reasoningTokens,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokensOf(usage) }],
});

const finishReasons: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  // Google says STOP for calls as well.
  tool_calls: "STOP",
};

type OpenCall = { readonly name: string; written: string };

const argsOf = (written: string): Json => {
  try {
    const args: Json = JSON.parse(written);
    return args;
  } catch {
    return {};
  }
};

/** Turns pieces into parts: a call is one part, written when its arguments are there. */
const createParts = (includesThoughts: boolean) => {
  let call: OpenCall | null = null;
  let hasThought = false;
  let text = "";
  let hasSigned = false;

  const closeCall = (): readonly JsonObject[] => {
    if (call === null) return [];
    const { name, written } = call;
    call = null;
    const args = argsOf(written);
    const isFirst = hasThought && !hasSigned;
    hasSigned = true;
    return [
      {
        functionCall: { name, ...(written === "{}" ? {} : { args }) },
        // Of parallel calls only the first is signed.
        ...(isFirst ? { thoughtSignature: sign(vendor, callText(name, args)) } : {}),
      },
    ];
  };

  return {
    add: (piece: Piece): readonly JsonObject[] => {
      switch (piece.kind) {
        case "reasoning":
          hasThought = true;
          return includesThoughts ? [{ text: piece.text, thought: true }] : [];
        case "content":
          text += piece.text;
          return [{ text: piece.text }];
        case "tool_open": {
          const closed = closeCall();
          call = { name: piece.name, written: "" };
          return closed;
        }
        case "tool_arguments":
      }
      if (call !== null) call.written += piece.text;
      return [];
    },
    /** What is left, and the signature of a thought-out text on an empty part of its own. */
    end: (): readonly JsonObject[] => {
      const left = closeCall();
      if (!hasThought || hasSigned) return left;
      return [...left, { text: "", thoughtSignature: sign(vendor, text) }];
    },
  };
};

const joined = (parts: readonly JsonObject[]): readonly JsonObject[] => {
  const whole: JsonObject[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const before = last?.["text"];
    const { text } = part;
    const isSameKind =
      typeof before === "string" &&
      typeof text === "string" &&
      last?.["thought"] === part["thought"];
    if (isSameKind)
      whole[whole.length - 1] = {
        ...last,
        ...part,
        text: `${before}${text}`,
      };
    else whole.push(part);
  }
  return whole;
};

const partsOf = ({ pieces }: Emission, includesThoughts: boolean): readonly JsonObject[] => {
  const parts = createParts(includesThoughts);
  return joined([...pieces.flatMap((piece) => parts.add(piece)), ...parts.end()]);
};

/** Writes an answer, or its stream: CRLF events with running totals, and no `[DONE]`. */
export const createGeminiWriter = (
  head: AnswerHead,
  { includesThoughts }: GeminiExtras,
): AnswerWriter => {
  const writers: ReturnType<typeof createParts>[] = [];
  const endings: JsonObject[] = [];
  const chunk = (candidates: readonly JsonObject[], usage: Usage): Json => ({
    candidates,
    usageMetadata: usageJson(usage),
    modelVersion: head.model,
    responseId: head.id.slice(0, 22),
  });
  const event = (json: Json): string => `data: ${JSON.stringify(json)}\r\n\r\n`;
  const candidate = (index: number, parts: readonly JsonObject[]): JsonObject => ({
    content: { role: "model", ...(parts.length > 0 ? { parts } : {}) },
    index,
  });
  return {
    whole: (emissions, usage) =>
      chunk(
        emissions.map((emission, index) => ({
          ...candidate(index, partsOf(emission, includesThoughts)),
          finishReason: finishReasons[emission.finish],
        })),
        usage,
      ),
    open: (emissions) => {
      writers.push(...emissions.map(() => createParts(includesThoughts)));
      return "";
    },
    piece: (choice, piece, usage) => {
      const parts = writers[choice]?.add(piece) ?? [];
      return parts.length === 0 ? "" : event(chunk([candidate(choice, parts)], usage));
    },
    finish: (choice, reason) => {
      const parts = writers[choice]?.end() ?? [];
      endings.push({ ...candidate(choice, parts), finishReason: finishReasons[reason] });
      return "";
    },
    // The finish and the totals come together.
    close: (usage) => event(chunk(endings, usage)),
    error: () =>
      event({ error: { code: 500, message: "Internal error encountered.", status: "INTERNAL" } }),
  };
};
