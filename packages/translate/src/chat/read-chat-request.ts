import type { RawBody } from "../bytes/raw-body.ts";
import { UnreadableRequestError } from "../errors/unreadable-request-error.ts";
import { decodeByteText, isAsciiText, parseByteText } from "../bytes/raw-body.ts";
import { asFilledString, asRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { TopLevelSpans } from "../json/top-level-spans.ts";
import { scanTopLevel, scanUnread } from "../json/top-level-spans.ts";
import type { LongTexts, MeasuredPrompt } from "../measure/prompt-tally.ts";
import { estimateByteTextBytes, estimateUtf8Bytes } from "../measure/text-bytes.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { CallerRequest, ReadRequest, RequestOutline } from "../request/caller-request.ts";
import { parseBody } from "../request/parse-body.ts";
import { chatNeeds } from "./chat-needs.ts";
import type { ChatRequest } from "./chat-request-schema.ts";
import { callerMaxOutputTokens, decodeChatRequest, usesLegacyFunctions } from "./decode-request.ts";
import { canPassThrough } from "./encode-passthrough-request.ts";
import { withoutLongTexts } from "./long-texts.ts";
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

type Valid = Extract<ParsedChatRequest, { ok: true }>;

const readAs = (
  body: RawBody,
  { request, losses }: Valid,
  { measured, spans }: { measured: MeasuredPrompt; spans: TopLevelSpans | null },
): ReadRequest => {
  const { byteText, bytes } = body;
  let places = spans;
  let neutral: NeutralRequest | undefined;
  const caller: CallerRequest = {
    surface: "chat_completions",
    body,
    outline: chatOutline(request),
    fields: Object.keys(request),
    prompt: measured.size,
    chain: measured.chain,
    opening: measured.opening,
    needs: chatNeeds(request),
    canPassThrough: canPassThrough(request),
    spans: () => (places ??= scanTopLevel(byteText)),
    neutral: () => {
      if (neutral !== undefined) return neutral;
      const decoded = parseUtf8(bytes);
      if (!decoded.ok) throw new UnreadableRequestError(decoded.error);
      return (neutral = decodeChatRequest(decoded.request));
    },
  };
  return { ok: true, caller, losses };
};

/** Reads a body as it is meant. */
const readWhole = (body: RawBody): ReadRequest => {
  const parsed = parseUtf8(body.bytes);
  if (!parsed.ok) return parsed;
  return readAs(body, parsed, { measured: measurePrompt(parsed.request), spans: null });
};

/** Bodies below this have no text worth leaving out. */
const SHORT_BODY = 8192;

/** A body as JSON, and what was seen on the way; `json` is `null` where it is none, or no object. */
type Opened = {
  readonly json: JsonRecord | null;
  readonly spans: TopLevelSpans | null;
  readonly long: LongTexts | null;
};

const parsedRecord = (byteText: string): JsonRecord | null => {
  try {
    return asRecord(parseByteText(byteText));
  } catch {
    return null;
  }
};

const openBody = ({ byteText, bytes }: RawBody): Opened => {
  const scanned = byteText.length < SHORT_BODY ? null : scanUnread(byteText);
  if (scanned === null) return { json: parsedRecord(byteText), spans: null, long: null };
  const { spans, longStrings } = scanned;
  const shortened = withoutLongTexts(byteText, spans, longStrings);
  if (shortened === null) return { json: parsedRecord(byteText), spans, long: null };
  const json = parsedRecord(shortened.byteText);
  return { json, spans, long: { bytes, texts: shortened.texts } };
};

/**
 * Bytes to a validated request. The body is parsed once, as byte text and without its long texts: messages and
 * tools are validated and measured in it, where they may not say what they mean, so they are not kept; what a
 * caller's words mean is nobody's business until `neutral`. Faults are told of the decoded body. An escape that is
 * none, in a long text, is found by whoever reads it: by `neutral`, or by the provider.
 */
export const readChatRequest = (body: RawBody): ReadRequest => {
  const { byteText, isAscii } = body;
  const { json, long, ...opened } = openBody(body);
  let { spans } = opened;
  let parsed: ParsedChatRequest | null = null;
  if (json !== null && isAscii) {
    parsed = parseChatRequest(json);
  } else if (json !== null) {
    spans ??= scanTopLevel(byteText);
    parsed = parseChatMembers(decodedMembers(json, byteText, spans));
  }
  const measured =
    parsed?.ok === true
      ? measurePrompt(parsed.request, isAscii ? estimateUtf8Bytes : estimateByteTextBytes, long)
      : null;
  if (parsed?.ok !== true || measured?.isSound !== true) return readWhole(body);
  return readAs(body, parsed, { measured, spans });
};
