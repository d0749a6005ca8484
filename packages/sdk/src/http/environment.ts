import { AuthenticationError } from "../errors.ts";

const defaultBaseUrl = "http://127.0.0.1:8787/v1";

/** A variable of the environment, where there is one that may be read. */
const variable = (name: string): string | undefined => {
  // Browsers and Workers may have none of it.
  const host: { readonly process?: { readonly env?: Record<string, string | undefined> } } =
    globalThis;
  try {
    return host.process?.env?.[name] || undefined;
  } catch {
    // Deno asks for a permission.
    return undefined;
  }
};

/**
 * The key to call with. @default POINTSMAN_API_KEY of the environment
 *
 * @throws AuthenticationError (`missing_api_key`) if there is none
 */
export const apiKeyOf = (given: string | undefined): string => {
  const apiKey = given ?? variable("POINTSMAN_API_KEY");
  if (apiKey !== undefined && apiKey !== "") return apiKey;
  throw new AuthenticationError({
    message: "No API key: pass `apiKey`, or set POINTSMAN_API_KEY.",
    statusCode: 0,
    type: "authentication_error",
    code: "missing_api_key",
  });
};

/** Where the gateway is, with `/v1`. @default POINTSMAN_BASE_URL, else http://127.0.0.1:8787/v1 */
export const baseUrlOf = (given: string | undefined): string => {
  const url = given ?? variable("POINTSMAN_BASE_URL") ?? defaultBaseUrl;
  const bare = url.replace(/\/+$/u, "");
  return bare.endsWith("/v1") ? bare : `${bare}/v1`;
};
