import {
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  PointsmanAPIError,
  RateLimitError,
} from "@pointsman/sdk";
import { errorTable } from "@pointsman/translate";
import type { ErrorCode } from "@pointsman/translate";

const classes = {
  invalid_request_error: BadRequestError,
  authentication_error: AuthenticationError,
  permission_error: PermissionDeniedError,
  not_found_error: NotFoundError,
  rate_limit_error: RateLimitError,
  api_error: APIStatusError,
} as const;

/** The class that docs/contract.md §31 says a code is of. */
export const expectedClass = (code: ErrorCode): typeof PointsmanAPIError => {
  const { status, type } = errorTable[code];
  if (status === 409) return ConflictError;
  return status === 500 ? InternalServerError : classes[type];
};

/** What a call fails with. */
export const failureOf = async (call: Promise<unknown>): Promise<PointsmanAPIError> => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof PointsmanAPIError) return error;
  throw new Error(`no error of the client: ${String(error)}`);
};
