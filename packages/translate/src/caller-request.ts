import type { ChatRequest } from "./chat/chat-request-schema.ts";
import { decodeChatRequest } from "./chat/decode-request.ts";
import type { TopLevelSpans } from "./chat/top-level-spans.ts";
import { scanTopLevel } from "./chat/top-level-spans.ts";
import type { NeutralRequest } from "./neutral/request.ts";

/**
 * A validated request as the caller sent it. The neutral form is decoded on first use, since a
 * pass-through never needs it.
 */
export type CallerRequest = {
  readonly surface: "chat";
  /** The body's bytes, JSON. */
  readonly body: Uint8Array;
  readonly chat: ChatRequest;
  /** Where the top-level fields stand in `body`; scanned on first use. */
  spans(): TopLevelSpans;
  neutral(): NeutralRequest;
};

/** `body` must be the bytes that `chat` was parsed from. */
export const createCallerRequest = (body: Uint8Array, chat: ChatRequest): CallerRequest => {
  let spans: TopLevelSpans | undefined;
  let neutral: NeutralRequest | undefined;
  return {
    surface: "chat",
    body,
    chat,
    spans: () => (spans ??= scanTopLevel(body)),
    neutral: () => (neutral ??= decodeChatRequest(chat)),
  };
};
