import type { GatewayError } from "../errors/gateway-error.ts";
import { isRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { extensionFault } from "./extensions.ts";

/** Fields of former versions, and where what they did lives now. */
const moved: Readonly<Record<string, string>> = {
  routing: "gateway.routing",
  models: "gateway.models",
  auriko_metadata: "gateway.metadata",
};

/** What a caller is told of a top-level field that is not carried. */
export const fieldNotCarried = (field: string): Loss => {
  const pointer = Object.hasOwn(moved, field) ? moved[field] : undefined;
  return {
    type: "unsupported_field",
    code: "unsupported_field",
    message:
      pointer === undefined
        ? `The field '${field}' is not supported and was ignored.`
        : `The field '${field}' was ignored; use '${pointer}'.`,
  };
};

/** `gateway.metadata.custom_fields.x`: nothing lies deeper, and a body may be nested without end. */
const GATEWAY_DEPTH = 4;

const nullDepths: readonly (readonly [string, number])[] = [
  ["gateway", GATEWAY_DEPTH],
  ["extensions", 1],
];

/** Takes out nulls down to `depth` levels: in requests null means absent. */
const withoutNulls = (value: unknown, depth: number): unknown => {
  if (depth === 0 || !isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutNulls(entry, depth - 1)]));
};

/**
 * The members of a body that are carried, nulls at the top and in `gateway` taken out; the others are
 * dropped, each with a loss.
 */
export const carriedMembers = (
  members: Iterable<readonly [string, unknown]>,
  fields: ReadonlySet<string>,
): { readonly carried: JsonRecord; readonly losses: readonly Loss[] } => {
  const carried: Record<string, unknown> = {};
  const losses: Loss[] = [];
  for (const [field, value] of members) {
    if (value === null) continue;
    if (fields.has(field)) carried[field] = value;
    else losses.push(fieldNotCarried(field));
  }
  for (const [field, depth] of nullDepths) {
    if (carried[field] !== undefined) carried[field] = withoutNulls(carried[field], depth);
  }
  return { carried, losses };
};

/** The rules all surfaces share; `null` if none is broken. `reasoningField` is how the surface asks for it. */
export const sharedFault = (
  request: {
    readonly model?: string;
    readonly gateway?: { readonly models?: readonly string[] };
    readonly extensions?: JsonRecord;
  },
  reasoningField: string,
): GatewayError | null => {
  const { model, gateway, extensions } = request;
  if (model === undefined && gateway?.models === undefined) {
    return {
      code: "missing_required_parameter",
      param: "model",
      message: "Missing required parameter 'model'.",
      suggestion: "Set 'model' or 'gateway.models'.",
    };
  }
  if (model !== undefined && gateway?.models !== undefined) {
    return {
      code: "invalid_parameter_value",
      param: "gateway.models",
      message: "'model' and 'gateway.models' exclude each other.",
    };
  }
  if (extensions !== undefined && Object.hasOwn(extensions, "thinking")) {
    return {
      code: "invalid_parameter_value",
      param: "extensions.thinking",
      message: "'extensions' holds blocks by provider; 'thinking' is none.",
      suggestion: `Use '${reasoningField}'.`,
    };
  }
  return extensions === undefined ? null : extensionFault(extensions);
};
