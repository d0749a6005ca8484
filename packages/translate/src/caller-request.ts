import type { PromptSize } from "@pointsman/core";
import type { RawBody } from "./bytes/raw-body.ts";
import { decodeByteText, isAsciiText, parseByteText } from "./bytes/raw-body.ts";
import { decodeUtf8 } from "./bytes/utf8.ts";
import type { ChatRequest } from "./chat/chat-request-schema.ts";
import { decodeChatRequest } from "./chat/decode-request.ts";
import { canPassThrough } from "./chat/encode-passthrough-request.ts";
import type { ParsedChatRequest } from "./chat/parse-chat-request.ts";
import { parseChatMembers, parseChatRequest } from "./chat/parse-chat-request.ts";
import type { TopLevelSpans } from "./chat/top-level-spans.ts";
import { scanTopLevel } from "./chat/top-level-spans.ts";
import type { GatewayError } from "./errors/gateway-error.ts";
import { asRecord } from "./json/read.ts";
import type { ChatNeeds } from "./measure/chat-needs.ts";
import { chatNeeds } from "./measure/chat-needs.ts";
import { measurePrompt } from "./measure/measure-prompt.ts";
import { estimateByteTextBytes, estimateUtf8Bytes } from "./measure/text-bytes.ts";
import type { Loss } from "./neutral/loss.ts";
import type { NeutralRequest } from "./neutral/request.ts";

/** The fields that hold nearly all of a long body. */
type BulkField = "messages" | "tools" | "functions";

/** A chat request without its bulk: all that routing reads. */
export type ChatOutline = Omit<ChatRequest, BulkField>;

/**
 * A validated request as the caller sent it. Its messages and tools were validated and measured in byte
 * text, where they may not say what they mean, so they are not kept: who needs them asks for the neutral
 * form, which is decoded on first use, since a pass-through never needs it.
 */
export type CallerRequest = {
  readonly surface: "chat";
  readonly body: RawBody;
  readonly outline: ChatOutline;
  /** Names of all fields that are carried, bulk included. */
  readonly fields: readonly string[];
  readonly prompt: PromptSize;
  readonly needs: ChatNeeds;
  /** Whether the body means the same to a provider of the canonical wire (see `canPassThrough`). */
  readonly canPassThrough: boolean;
  /** Where the top-level fields stand in `body`; scanned on first use. */
  spans(): TopLevelSpans;
  neutral(): NeutralRequest;
};

export type ReadChatRequest =
  | { readonly ok: true; readonly caller: CallerRequest; readonly losses: readonly Loss[] }
  | { readonly ok: false; readonly error: GatewayError };

const bulkFields: ReadonlySet<string> = new Set<BulkField>(["messages", "tools", "functions"]);

const parseUtf8 = (bytes: Uint8Array): ParsedChatRequest => {
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The body is not valid JSON: ${why}`;
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
  return parseChatRequest(json);
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

const withoutBulk = (chat: ChatRequest): ChatOutline => {
  const { messages: _messages, tools: _tools, functions: _functions, ...outline } = chat;
  return outline;
};

/**
 * Bytes to a validated request. The body is parsed once, as byte text; what a caller's words in messages
 * and tools mean is nobody's business until `neutral`. Faults are told of the decoded body.
 */
export const readChatRequest = (body: RawBody): ReadChatRequest => {
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
  let neutral: NeutralRequest | undefined;
  const caller: CallerRequest = {
    surface: "chat",
    body,
    outline: withoutBulk(request),
    fields: Object.keys(request),
    prompt: measurePrompt(request, measure),
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
