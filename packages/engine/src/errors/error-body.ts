import { renderAnthropicError, renderOpenAiError } from "@pointsman/translate";
import type { ErrorContext, GatewayError } from "@pointsman/translate";

/** JSON text of an error. */
export type ErrorBody = (error: GatewayError, context: ErrorContext) => string;

const openAiBody: ErrorBody = (error, context) => JSON.stringify(renderOpenAiError(error, context));

const anthropicBody: ErrorBody = (error, context) =>
  JSON.stringify(renderAnthropicError(error, context));

/** The family of error bodies that clients of a path read (docs/contract.md §26). */
export const errorBodyOf = (path: string): ErrorBody =>
  path === "/v1/messages" || path.startsWith("/v1/messages/") ? anthropicBody : openAiBody;
