import { isAscii } from "node:buffer";
import type { GatewayError, RawBody } from "@pointsman/translate";

/** The bytes of a request, as surfaces read them. */
export const rawBodyOf = (
  body: unknown,
):
  | { readonly ok: true; readonly raw: RawBody }
  | { readonly ok: false; readonly error: GatewayError } => {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    const message = "The body is empty; send a JSON object.";
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
  return {
    ok: true,
    raw: { bytes: body, byteText: body.toString("latin1"), isAscii: isAscii(body) },
  };
};
