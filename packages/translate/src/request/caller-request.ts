import type { Endpoint, PromptSize } from "@pointsman/core";
import type { RawBody } from "../bytes/raw-body.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import type { TopLevelSpans } from "../json/top-level-spans.ts";
import type { ChainLink } from "../measure/prefix-chain.ts";
import type { RequestNeeds } from "../measure/request-needs.ts";
import type { Loss } from "../neutral/loss.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { GatewayOptions } from "./gateway-options-schema.ts";

/** What routing reads of a request, the same whatever surface it came in by. */
export type RequestOutline = {
  /** As sent, perhaps with a suffix; absent = `gateway.models` names them. */
  readonly model?: string;
  readonly gateway?: GatewayOptions;
  readonly stream: boolean;
  /** Cap on output tokens, reasoning included; absent = none. */
  readonly maxOutputTokens?: number;
  /** Answers wanted; 1 on all surfaces but chat. */
  readonly choices: number;
  /** The caller's own name of the conversation. */
  readonly promptCacheKey?: string;
  /** Reasoning is used and billed, but not returned. */
  readonly excludeReasoning: boolean;
  /** Level of reasoning asked for; absent = none. */
  readonly reasoningEffort?: string;
  /** The caller used `functions`: answers carry a mirror in the legacy form. */
  readonly legacyFunctions: boolean;
};

/**
 * A validated request as the caller sent it, whatever surface it came in by. Who needs its messages and
 * tools asks for the neutral form, which is decoded on first use, since a pass-through never needs it.
 */
export type CallerRequest = {
  readonly surface: Endpoint;
  readonly body: RawBody;
  readonly outline: RequestOutline;
  /** Names of all top-level fields that are carried. */
  readonly fields: readonly string[];
  readonly prompt: PromptSize;
  /** Places in the prompt that a provider's cache may reach to, in order. */
  readonly chain: readonly ChainLink[];
  /** Where the first message of the user ends: what all turns of a conversation have in common. */
  readonly opening: ChainLink | null;
  readonly needs: RequestNeeds;
  /** Whether the body means the same to a provider of the surface's own wire, canonically spoken. */
  readonly canPassThrough: boolean;
  /** `anthropic-beta` of the caller, for Anthropic alone. @default none */
  readonly betas?: readonly string[];
  /** Where the top-level fields stand in `body`; scanned on first use. */
  spans(): TopLevelSpans;
  neutral(): NeutralRequest;
};

/** A caller's body, read. */
export type ReadRequest =
  | { readonly ok: true; readonly caller: CallerRequest; readonly losses: readonly Loss[] }
  | { readonly ok: false; readonly error: GatewayError };
