import type { IncomingMessage } from "node:http";
import { chatWire } from "../wire/chat/wire.ts";
import { geminiWire } from "../wire/gemini/wire.ts";
import { messagesWire } from "../wire/messages/wire.ts";
import { openAiErrorBody } from "../wire/openai-error.ts";
import { Refusal } from "../wire/refusal.ts";
import { responsesWire } from "../wire/responses/wire.ts";
import type { ServedWire } from "../wire/wire.ts";
import type { Json } from "../model/json.ts";

/** Whose API a simulated provider imitates. */
export type VendorKind = "openai" | "anthropic" | "google";

/** What all calls of one vendor have in common. */
export type Vendor = {
  /** What its clients' base URLs end with. */
  readonly basePath: "/v1" | "/v1beta";
  readonly wires: readonly ServedWire[];
  /** `null` = none sent. */
  readonly keyOf: (request: IncomingMessage, url: URL) => string | null;
  readonly missingKey: () => Refusal;
  readonly wrongKey: (shown: string) => Refusal;
  /** Of refusals that belong to no wire. */
  readonly errorBody: (refusal: Refusal) => Json;
};

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
};

const bearer = (request: IncomingMessage): string | null =>
  /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;

const openai: Vendor = {
  basePath: "/v1",
  wires: [chatWire, responsesWire],
  keyOf: (request) => /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1] ?? null,
  missingKey: () =>
    new Refusal({
      status: 401,
      message:
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    }),
  wrongKey: (shown) =>
    new Refusal({
      status: 401,
      message: `Incorrect API key provided: ${shown}.`,
      code: "invalid_api_key",
    }),
  errorBody: openAiErrorBody,
};

const anthropic: Vendor = {
  basePath: "/v1",
  wires: [messagesWire],
  // Clients before version 1 sent x-api-key.
  keyOf: (request) => bearer(request) ?? header(request, "x-api-key"),
  missingKey: () =>
    new Refusal({
      status: 401,
      type: "authentication_error",
      message: "x-api-key header is required",
    }),
  wrongKey: () =>
    new Refusal({ status: 401, type: "authentication_error", message: "invalid x-api-key" }),
  errorBody: messagesWire.errorBody,
};

const google: Vendor = {
  basePath: "/v1beta",
  wires: [geminiWire],
  keyOf: (request, url) => header(request, "x-goog-api-key") ?? url.searchParams.get("key"),
  missingKey: () =>
    new Refusal({
      status: 403,
      message:
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    }),
  wrongKey: () =>
    new Refusal({
      status: 400,
      message: "API key not valid. Please pass a valid API key.",
      code: "API_KEY_INVALID",
    }),
  errorBody: geminiWire.errorBody,
};

export const vendors: Readonly<Record<VendorKind, Vendor>> = { openai, anthropic, google };
