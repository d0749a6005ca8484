import type { TopLevelSpans } from "../json/top-level-spans.ts";
import type { NeutralReply } from "./request.ts";

/**
 * A whole answer: the provider's own bytes where its wire is the caller's (checked to be an answer,
 * `spans` say where `usage` stands), else decoded.
 */
export type ProviderReply =
  | {
      readonly kind: "raw";
      /** The body's bytes as a string of one character each (see `RawBody`). */
      readonly byteText: string;
      readonly spans: TopLevelSpans;
      readonly hasId: boolean;
    }
  | { readonly kind: "neutral"; readonly reply: NeutralReply };
