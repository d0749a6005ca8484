import type { z } from "zod";
import type { GatewayError } from "../errors/gateway-error.ts";
import { schemaError } from "../errors/schema-error.ts";
import { isRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import type { ChatMessage } from "./chat-message-schema.ts";
import type { ChatRequest } from "./chat-request-schema.ts";
import { chatRequestFields, chatRequestSchema } from "./chat-request-schema.ts";
import { gatewayKeys } from "../request/gateway-options-schema.ts";
import { carriedMembers, sharedFault } from "../request/members.ts";

export type ParsedChatRequest =
  | { readonly ok: true; readonly request: ChatRequest; readonly losses: readonly Loss[] }
  | { readonly ok: false; readonly error: GatewayError };

const fail = (
  code: GatewayError["code"],
  param: string | null,
  message: string,
  suggestion?: string,
): ParsedChatRequest => ({
  ok: false,
  error: { code, param, message, ...(suggestion === undefined ? {} : { suggestion }) },
});

const hostedToolAt = (tools: unknown): number =>
  Array.isArray(tools)
    ? tools.findIndex((tool) => {
        const type: unknown = isRecord(tool) ? tool["type"] : undefined;
        return typeof type === "string" && type !== "function";
      })
    : -1;

/** Rules that hold between fields; `null` if none is broken. */
const crossCheck = (request: ChatRequest): ParsedChatRequest | null => {
  const shared = sharedFault(request, "reasoning_effort");
  if (shared !== null) return { ok: false, error: shared };
  const tools = request.tools !== undefined || request.tool_choice !== undefined;
  const functions = request.functions !== undefined || request.function_call !== undefined;
  if (tools && functions) {
    const param = request.functions === undefined ? "function_call" : "functions";
    return fail(
      "invalid_parameter_value",
      param,
      `'${param}' cannot be used together with 'tools' or 'tool_choice'.`,
      "Use 'tools' and 'tool_choice'.",
    );
  }
  return null;
};

const plainRoles: ReadonlySet<unknown> = new Set(["system", "developer", "user", "assistant"]);

/** A role and a text, nothing else: most messages of most requests. */
const isPlainMessage = (value: unknown): value is ChatMessage => {
  if (!isRecord(value) || !plainRoles.has(value["role"])) return false;
  return typeof value["content"] === "string" && Object.keys(value).length === 2;
};

/** `messages` that the schema takes as they are, seen at a fraction of its cost. */
const arePlainMessages = (value: unknown): value is ChatMessage[] =>
  Array.isArray(value) && value.length > 0 && value.every(isPlainMessage);

const fieldSchemas: Readonly<Record<string, z.ZodType>> = chatRequestSchema.shape;

/** Holds for fields that all passed their own schema: `messages` is the only one that must be there. */
const isComplete = (fields: Readonly<Record<string, unknown>>): fields is ChatRequest =>
  fields["messages"] !== undefined;

/**
 * The same as `chatRequestSchema`, which has no rules between fields, where everything is valid; `null`
 * where something is not. Only the fields that are present are visited: a quarter of the time.
 */
const parsePresentFields = (carried: Readonly<Record<string, unknown>>): ChatRequest | null => {
  const fields: Record<string, unknown> = {};
  for (const field in carried) {
    const value = carried[field];
    if (field === "messages" && arePlainMessages(value)) {
      fields[field] = value;
      continue;
    }
    const parsed = fieldSchemas[field]?.safeParse(value);
    if (parsed?.success !== true) return null;
    fields[field] = parsed.data;
  }
  return isComplete(fields) ? fields : null;
};

/**
 * Validates the members of a chat body. Nulls at the top and in `gateway` are taken out; fields that are
 * not carried are dropped, each with a loss. Long strings are never looked into.
 */
export const parseChatMembers = (
  members: Iterable<readonly [string, unknown]>,
): ParsedChatRequest => {
  const { carried, losses } = carriedMembers(members, chatRequestFields);
  const request = parsePresentFields(carried);
  if (request !== null) return crossCheck(request) ?? { ok: true, request, losses };
  const parsed = chatRequestSchema.safeParse(carried);
  if (!parsed.success) {
    const hosted = hostedToolAt(carried["tools"]);
    const [first] = parsed.error.issues;
    if (hosted >= 0 && first?.path[0] === "tools") {
      const param = `tools[${hosted}].type`;
      return fail("hosted_tool_not_supported", param, "Only tools of type 'function' work here.");
    }
    const error = schemaError(parsed.error.issues, carried, { keysByPath: gatewayKeys });
    return { ok: false, error };
  }
  return crossCheck(parsed.data) ?? { ok: true, request: parsed.data, losses };
};

/** The same for a whole body. */
export const parseChatRequest = (json: unknown): ParsedChatRequest =>
  isRecord(json)
    ? parseChatMembers(Object.entries(json))
    : fail("invalid_request", null, "The body must be a JSON object.");
