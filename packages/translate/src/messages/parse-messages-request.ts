import type { GatewayError } from "../errors/gateway-error.ts";
import { schemaError } from "../errors/schema-error.ts";
import { isRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { gatewayKeys } from "../request/gateway-options-schema.ts";
import { carriedMembers, sharedFault } from "../request/members.ts";
import type { MessagesRequest } from "./messages-request-schema.ts";
import { messagesRequestFields, messagesRequestSchema } from "./messages-request-schema.ts";

export type ParsedMessagesRequest =
  | { readonly ok: true; readonly request: MessagesRequest; readonly losses: readonly Loss[] }
  | { readonly ok: false; readonly error: GatewayError };

/** What a body is for: counting needs no cap on the answer. */
export type MessagesPurpose = "answer" | "count";

/** Rules that hold between fields; `null` if none is broken. */
const crossCheck = (request: MessagesRequest, purpose: MessagesPurpose): GatewayError | null => {
  const shared = sharedFault(request, "thinking");
  if (shared !== null) return shared;
  if (purpose === "answer" && request.max_tokens === undefined) {
    return {
      code: "missing_required_parameter",
      param: "max_tokens",
      message: "Missing required parameter 'max_tokens'.",
    };
  }
  if (request.speed === "fast" && request.gateway?.routing?.tier !== "priority") {
    return {
      code: "tier_opt_in_required",
      param: "speed",
      message: "'speed: fast' is a premium tier and must be asked for.",
      suggestion: "Set 'gateway.routing.tier' to 'priority'.",
    };
  }
  return null;
};

/** Validates a Messages body; fields that are not carried are dropped, each with a loss. */
export const parseMessagesRequest = (
  json: unknown,
  purpose: MessagesPurpose,
): ParsedMessagesRequest => {
  if (!isRecord(json)) {
    const message = "The body must be a JSON object.";
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
  const { carried, losses } = carriedMembers(Object.entries(json), messagesRequestFields);
  const parsed = messagesRequestSchema.safeParse(carried);
  if (!parsed.success) {
    const error = schemaError(parsed.error.issues, carried, { keysByPath: gatewayKeys });
    return { ok: false, error };
  }
  const fault = crossCheck(parsed.data, purpose);
  return fault === null ? { ok: true, request: parsed.data, losses } : { ok: false, error: fault };
};
