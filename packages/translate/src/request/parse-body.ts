import type { RawBody } from "../bytes/raw-body.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import type { GatewayError } from "../errors/gateway-error.ts";

/** A body as JSON, or what is wrong with it. */
export type ParsedBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: GatewayError };

/** Parses a body as it is meant, in UTF-8. */
export const parseBody = ({ bytes }: Pick<RawBody, "bytes">): ParsedBody => {
  try {
    return { ok: true, value: JSON.parse(decodeUtf8(bytes)) as unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The body is not valid JSON: ${why}`;
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
};
