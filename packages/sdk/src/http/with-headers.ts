import type { ResponseHeaders } from "./response-headers.ts";

/** An answer with what its headers said. */
export type Answered<Body> = Body & { readonly responseHeaders: ResponseHeaders };

/** Puts headers beside a body, where JSON does not show them. */
export const withHeaders = <Body>({
  json,
  headers,
}: {
  readonly json: unknown;
  readonly headers: ResponseHeaders;
}): Answered<Body> => {
  // What the gateway answers is held to its own document, not looked at again.
  const body = json as object;
  Object.defineProperty(body, "responseHeaders", { value: headers, enumerable: false });
  return body as Answered<Body>;
};
