import type { ResponseHeaders } from "./response-headers.ts";
import type { JsonAnswer } from "./transport.ts";

/** An answer with what its headers said. */
export type Answered<Body> = Body & { readonly responseHeaders: ResponseHeaders };

/** Puts headers beside a body, where neither JSON nor a copy shows them. */
export const withHeaders = <Body>({ json, headers }: JsonAnswer): Answered<Body> => {
  Object.defineProperty(json, "responseHeaders", { value: headers });
  // What the gateway answers is held to its own document, and not looked at again here.
  return json as Answered<Body>;
};
