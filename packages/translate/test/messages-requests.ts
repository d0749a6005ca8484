import {
  decodeMessagesRequest,
  encodeMessagesRequest,
  parseMessagesRequest,
} from "../src/index.ts";
import type { MessagesDialect, NeutralRequest } from "../src/index.ts";

export const plain: MessagesDialect = {
  thinking: { by: "nothing" },
  structuredOutput: true,
  sampling: "both",
  maxOutputTokens: 64_000,
};
export const adaptive: MessagesDialect = {
  ...plain,
  thinking: { by: "adaptive", efforts: ["low", "medium", "high", "max"] },
};
export const budget: MessagesDialect = { ...plain, thinking: { by: "budget", efforts: [] } };
export const both: MessagesDialect = {
  ...plain,
  thinking: { by: "budget", efforts: ["low", "medium", "high"] },
};

export type Body = Readonly<Record<string, unknown>>;

export const minimal: Body = {
  model: "m",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hi" }],
};

export const decode = (over: Body): NeutralRequest => {
  const parsed = parseMessagesRequest({ ...minimal, ...over }, "answer");
  if (!parsed.ok) throw new Error(parsed.error.message);
  return decodeMessagesRequest(parsed.request);
};

export const encode = (
  request: NeutralRequest,
  dialect: MessagesDialect = plain,
  options: Partial<Parameters<typeof encodeMessagesRequest>[1]> = {},
): { readonly body: Body; readonly losses: readonly string[] } => {
  const { body, losses } = encodeMessagesRequest(request, {
    model: "claude",
    stream: false,
    dialect,
    maxOutputTokens: null,
    ...options,
  });
  return { body, losses: losses.map(({ code }) => code) };
};

export const neutral = (over: Partial<NeutralRequest> = {}): NeutralRequest => ({
  messages: [{ role: "user", parts: [{ kind: "text", text: "Hi" }] }],
  tools: [],
  excludeReasoning: false,
  sampling: {},
  stop: [],
  legacyFunctions: false,
  extensions: {},
  ...over,
});
