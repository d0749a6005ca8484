import type { ChatRequest } from "./chat/chat-request-schema.ts";
import type { NeutralRequest } from "./neutral/request.ts";
import type { TopLevelSpans } from "./chat/top-level-spans.ts";

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
