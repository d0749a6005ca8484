import type { TopLevelSpans } from "../chat/top-level-spans.ts";
import type { NeutralReply } from "./request.ts";

/**
 * A whole answer: the provider's own bytes where its wire is the caller's (checked to be an answer,
 * `spans` say where `usage` stands), else decoded.
 */
export type ProviderReply =
  | {
      readonly kind: "raw";
      readonly body: Uint8Array;
      readonly spans: TopLevelSpans;
      readonly id: string | null;
      readonly model: string | null;
    }
  | { readonly kind: "neutral"; readonly reply: NeutralReply };
