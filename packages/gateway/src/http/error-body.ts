import { renderOpenAiError } from "@pointsman/translate";
import type { GatewayError } from "@pointsman/translate";

/** What an error's body may name. */
export type ErrorContext = { readonly docsBaseUrl: string; readonly requestId: string };

/** JSON text of an error. */
export type ErrorBody = (error: GatewayError, context: ErrorContext) => string;

const openAiBody: ErrorBody = (error, context) => JSON.stringify(renderOpenAiError(error, context));

/** The family of error bodies that clients of a path read (docs/contract.md §26). */
export const errorBodyOf = (_path: string): ErrorBody => openAiBody;
