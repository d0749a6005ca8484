import type {
  APICallError as APICallErrorType,
  LanguageModelV4GenerateResult,
  SharedV4ProviderMetadata,
  SharedV4Warning,
} from "@ai-sdk/provider";
import { APICallError } from "@ai-sdk/provider";
import { parseRoutingMetadata } from "@pointsman/sdk";
import type { RoutingMetadata } from "@pointsman/sdk";

/** What `providerMetadata.pointsman` has. */
export type PointsmanMetadata = {
  readonly routing_metadata?: RoutingMetadata;
  readonly request_id?: string;
};

type Headers = Readonly<Record<string, string | undefined>>;

/** Routing metadata and request id, beside what the wire's own model found. */
export const withMetadata = (
  known: SharedV4ProviderMetadata | undefined,
  name: string,
  {
    routing,
    headers,
  }: { readonly routing: RoutingMetadata | undefined; readonly headers: Headers | undefined },
): SharedV4ProviderMetadata => {
  const requestId = headers?.["x-request-id"];
  const own: PointsmanMetadata = {
    ...(routing === undefined ? {} : { routing_metadata: routing }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
  // All of it came as JSON.
  return { ...known, [name]: { ...known?.[name], ...(own as SharedV4ProviderMetadata[string]) } };
};

/** What the gateway left out or changed, in the AI SDK's words. */
export const warningsOf = (routing: RoutingMetadata | undefined): SharedV4Warning[] =>
  (routing?.warnings ?? []).map(({ message }) => ({ type: "other", message }));

/** A whole result with what the gateway told of it. */
export const withGatewayFacts = (
  result: LanguageModelV4GenerateResult,
  name: string,
): LanguageModelV4GenerateResult => {
  const routing = parseRoutingMetadata(result.response?.body);
  const headers = result.response?.headers;
  return {
    ...result,
    warnings: [...result.warnings, ...warningsOf(routing)],
    providerMetadata: withMetadata(result.providerMetadata, name, { routing, headers }),
  };
};

/** The same error, retryable as the gateway says (`x-should-retry`); any other comes back unchanged. */
const bySayOf = (error: unknown): unknown => {
  if (!APICallError.isInstance(error)) return error;
  const failed: APICallErrorType = error;
  const said = failed.responseHeaders?.["x-should-retry"];
  if (said !== "true" && said !== "false") return failed;
  const {
    message,
    url,
    requestBodyValues,
    statusCode,
    responseHeaders,
    responseBody,
    cause,
    data,
  } = failed;
  return new APICallError({
    message,
    url,
    requestBodyValues,
    isRetryable: said === "true",
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
    ...(responseBody === undefined ? {} : { responseBody }),
    ...(cause === undefined ? {} : { cause }),
    ...(data === undefined ? {} : { data }),
  });
};

/** Runs a call whose errors are retryable as the gateway says. */
export const asGatewaySays = async <T>(call: () => PromiseLike<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw bySayOf(error);
  }
};
