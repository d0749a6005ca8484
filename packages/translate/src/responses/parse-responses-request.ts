import type { GatewayError } from "../errors/gateway-error.ts";
import { schemaError } from "../errors/schema-error.ts";
import { isRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { gatewayKeys } from "../request/gateway-options-schema.ts";
import { carriedMembers, sharedFault } from "../request/members.ts";
import type { ResponsesRequest } from "./responses-request-schema.ts";
import {
  responsesRequestFields,
  responsesRequestSchema,
  statefulFields,
} from "./responses-request-schema.ts";

export type ParsedResponsesRequest =
  | { readonly ok: true; readonly request: ResponsesRequest; readonly losses: readonly Loss[] }
  | { readonly ok: false; readonly error: GatewayError };

const invalid = (param: string, message: string, suggestion?: string): GatewayError => ({
  code: "invalid_parameter_value",
  param,
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
});

/** Rules that hold between fields, and for a gateway that stores nothing; `null` if none is broken. */
const crossCheck = (request: ResponsesRequest): GatewayError | null => {
  const shared = sharedFault(request, "reasoning.effort");
  if (shared !== null) return shared;
  if (request.background === true) {
    return invalid("background", "'background' is not supported: nothing is stored here.");
  }
  const { input } = request;
  if (typeof input === "string") return null;
  const reference = input.findIndex(({ type }) => type === "item_reference");
  if (reference < 0) return null;
  return invalid(
    `input[${reference}]`,
    "Items cannot be referred to: nothing is stored here.",
    "Send the item itself.",
  );
};

const storeIgnored: Loss = {
  type: "unsupported_field",
  code: "unsupported_field",
  message: "'store' was ignored: nothing is stored here.",
};

/** What the caller sent to be answered again later; dropping it would lose the conversation. */
const statefulFault = (json: Readonly<Record<string, unknown>>): GatewayError | null => {
  const field = statefulFields.find((name) => (json[name] ?? null) !== null);
  return field === undefined
    ? null
    : invalid(field, `'${field}' is not supported: nothing is stored here.`, "Resend prior items.");
};

/** Validates a Responses body; fields that are not carried are dropped, each with a loss. */
export const parseResponsesRequest = (json: unknown): ParsedResponsesRequest => {
  if (!isRecord(json)) {
    const message = "The body must be a JSON object.";
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
  const stateful = statefulFault(json);
  if (stateful !== null) return { ok: false, error: stateful };
  // Null there says the same as absent, which needs no warning.
  const members = Object.entries(json).filter(([name]) => !statefulFields.includes(name));
  const { carried, losses } = carriedMembers(members, responsesRequestFields);
  const parsed = responsesRequestSchema.safeParse(carried);
  if (!parsed.success) {
    const error = schemaError(parsed.error.issues, carried, { keysByPath: gatewayKeys });
    return { ok: false, error };
  }
  const request = parsed.data;
  const fault = crossCheck(request);
  if (fault !== null) return { ok: false, error: fault };
  return {
    ok: true,
    request,
    losses: request.store === true ? [...losses, storeIgnored] : losses,
  };
};
