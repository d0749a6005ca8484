import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import { recordedFile } from "../../../../test/fixtures/wire/load.ts";
import {
  canonicalChatDialect,
  decodeChatUsage,
  decodeGeminiUsage,
  decodeMessagesUsage,
  decodeResponsesUsage,
} from "../index.ts";

type Extracted = {
  readonly usage: Readonly<Record<string, number>>;
  readonly extractors: readonly { readonly api_flavor: string; readonly provider_id: string }[];
};
type UsageRecord = {
  readonly wire: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly extracted: readonly Extracted[];
};

const records = JSON.parse(recordedFile("usage/usages.json")) as readonly UsageRecord[];

/** Who reads each wire as its own vendor means it. */
const vendorOf: Readonly<Record<string, string>> = {
  "anthropic-messages": "anthropic",
  gemini: "google",
  "openai-responses": "openai",
  "openai-chat": "openai",
};

const decode = ({ wire, body }: UsageRecord): Usage | null => {
  switch (wire) {
    case "anthropic-messages":
      return decodeMessagesUsage(body["usage"]);
    case "gemini":
      return decodeGeminiUsage(body["usageMetadata"]);
    case "openai-responses":
      return decodeResponsesUsage(body["usage"]);
    default:
      return decodeChatUsage(body["usage"], canonicalChatDialect);
  }
};

const theirs = (record: UsageRecord): Readonly<Record<string, number>> | undefined =>
  record.extracted.find(({ extractors }) =>
    extractors.some(({ provider_id: id }) => id === vendorOf[record.wire]),
  )?.usage;

describe.each(["anthropic-messages", "gemini", "openai-responses"])("%s", (wire) => {
  const own = records.filter((record) => record.wire === wire && theirs(record) !== undefined);

  test("totals and cached tokens are what @pydantic/genai-prices extracts", () => {
    expect(own.length).toBeGreaterThan(50);
    const differences = own.flatMap((record) => {
      const usage = decode(record);
      const want = theirs(record) ?? {};
      const ours =
        usage === null
          ? null
          : [promptTokensOf(usage), completionTokensOf(usage), usage.cacheReadTokens];
      const expected = [
        want["input_tokens"] ?? 0,
        want["output_tokens"] ?? 0,
        want["cache_read_tokens"] ?? 0,
      ];
      return JSON.stringify(ours) === JSON.stringify(expected)
        ? []
        : [{ body: record.body, ours, expected }];
    });
    expect(differences).toEqual([]);
  });
});
