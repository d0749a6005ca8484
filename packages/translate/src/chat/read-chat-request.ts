import type { RawBody } from "../bytes/raw-body.ts";
import { decodeByteText, isAsciiText, parseByteText } from "../bytes/raw-body.ts";
import { asFilledString, asRecord } from "../json/read.ts";
import type { TopLevelSpans } from "../json/top-level-spans.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { estimateByteTextBytes, estimateUtf8Bytes } from "../measure/text-bytes.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { CallerRequest, ReadRequest, RequestOutline } from "../request/caller-request.ts";
import { parseBody } from "../request/parse-body.ts";
import { chatNeeds } from "./chat-needs.ts";
import type { ChatRequest } from "./chat-request-schema.ts";
import { callerMaxOutputTokens, decodeChatRequest, usesLegacyFunctions } from "./decode-request.ts";
import { canPassThrough } from "./encode-passthrough-request.ts";
import { measurePrompt } from "./measure-prompt.ts";
import type { ParsedChatRequest } from "./parse-chat-request.ts";
import { parseChatMembers, parseChatRequest } from "./parse-chat-request.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The fields that hold nearly all of a long body. */
const bulkFields: ReadonlySet<string> = new Set(["messages", "tools", "functions"]);

const parseUtf8 = (bytes: Uint8Array): ParsedChatRequest => {
  const body = parseBody({ bytes });
  return body.ok ? parseChatRequest(body.value) : body;
};

/** The members of a body that is not ASCII: all but the bulk are read again where it makes a difference. */
const decodedMembers = (
  json: Readonly<Record<string, unknown>>,
  byteText: string,
  spans: TopLevelSpans,
): Iterable<readonly [string, unknown]> => {
  const members = new Map<string, unknown>();
  for (const { key, keyStart, valueStart, valueEnd } of spans) {
    const isSame = bulkFields.has(key) || isAsciiText(byteText.slice(keyStart, valueEnd));
    members.set(
      key,
      isSame ? json[key] : JSON.parse(decodeByteText(byteText.slice(valueStart, valueEnd))),
    );
  }
  return members;
};

/** What routing reads of a chat request. */
export const chatOutline = (chat: ChatRequest): RequestOutline => {
  const { model, gateway, prompt_cache_key: promptCacheKey } = chat;
  const outline: Mutable<RequestOutline> = {
    stream: chat.stream === true,
    choices: chat.n ?? 1,
    excludeReasoning: chat.reasoning?.exclude === true,
    legacyFunctions: usesLegacyFunctions(chat),
  };
  const maxOutputTokens = callerMaxOutputTokens(chat);
  const effort = chat.reasoning_effort ?? asFilledString(chat.reasoning?.["effort"]);
  if (model !== undefined) outline.model = model;
  if (gateway !== undefined) outline.gateway = gateway;
  if (maxOutputTokens !== undefined) outline.maxOutputTokens = maxOutputTokens;
  if (promptCacheKey !== undefined) outline.promptCacheKey = promptCacheKey;
  if (effort !== null) outline.reasoningEffort = effort;
  return outline;
};

/**
 * Bytes to a validated request. The body is parsed once, as byte text: messages and tools are validated
 * and measured in it, where they may not say what they mean, so they are not kept; what a caller's words
 * mean is nobody's business until `neutral`. Faults are told of the decoded body.
 */
export const readChatRequest = (body: RawBody): ReadRequest => {
  const { byteText, bytes, isAscii } = body;
  let json: unknown;
  try {
    json = parseByteText(byteText);
  } catch {
    json = null;
  }
  const record = asRecord(json);
  let spans: TopLevelSpans | undefined;
  let parsed: ParsedChatRequest | null = null;
  if (record !== null && isAscii) {
    parsed = parseChatRequest(record);
  } else if (record !== null) {
    spans = scanTopLevel(byteText);
    parsed = parseChatMembers(decodedMembers(record, byteText, spans));
  }
  let measure = isAscii ? estimateUtf8Bytes : estimateByteTextBytes;
  if (parsed === null || (!parsed.ok && !isAscii)) {
    parsed = parseUtf8(bytes);
    measure = estimateUtf8Bytes;
  }
  if (!parsed.ok) return parsed;
  const { request, losses } = parsed;
  const { size, chain, opening } = measurePrompt(request, measure);
  let neutral: NeutralRequest | undefined;
  const caller: CallerRequest = {
    surface: "chat_completions",
    body,
    outline: chatOutline(request),
    fields: Object.keys(request),
    prompt: size,
    chain,
    opening,
    needs: chatNeeds(request),
    canPassThrough: canPassThrough(request),
    spans: () => (spans ??= scanTopLevel(byteText)),
    neutral: () => {
      if (neutral !== undefined) return neutral;
      const decoded = parseUtf8(bytes);
      if (!decoded.ok) throw new TypeError("a body that was valid as byte text is valid as text");
      return (neutral = decodeChatRequest(decoded.request));
    },
  };
  return { ok: true, caller, losses };
};
