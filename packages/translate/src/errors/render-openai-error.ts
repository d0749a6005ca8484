import type { ErrorType } from "./error-table.ts";
import type { GatewayError } from "./gateway-error.ts";
import { errorTable } from "./error-table.ts";

export type RenderErrorOptions = {
  /** Public base URL without a slash at the end; pages live at `<it>/docs/errors/<code>`. */
  readonly docsBaseUrl: string;
};

/** Error envelope of the OpenAI family (docs/contract.md §26). */
export type OpenAiErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: ErrorType;
    readonly code: string;
    readonly param: string | null;
    readonly doc_url: string;
    readonly provider?: string;
    readonly suggestion?: string;
  };
};

export const renderOpenAiError = (
  error: GatewayError,
  { docsBaseUrl }: RenderErrorOptions,
): OpenAiErrorBody => ({
  error: {
    message: error.message === "" ? error.code : error.message,
    type: errorTable[error.code].type,
    code: error.code,
    param: error.param,
    doc_url: `${docsBaseUrl}/docs/errors/${error.code}`,
    ...(error.provider === undefined ? {} : { provider: error.provider }),
    ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
  },
});
