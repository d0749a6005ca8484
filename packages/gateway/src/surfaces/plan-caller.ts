import { isAscii } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { planRequest } from "@pointsman/engine";
import type { RequestPlan } from "@pointsman/engine";
import type { CallerRequest, GatewayError, RawBody } from "@pointsman/translate";
import type { SurfaceRouteOptions } from "./surface-route.ts";

/** The bytes of a request, as surfaces read them. */
export const rawBodyOf = ({
  body,
}: FastifyRequest):
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

/** Plans what a caller asks for within what its key and workspace allow. */
export const planCaller = (
  caller: CallerRequest,
  { principal }: FastifyRequest,
  { engine, directory, workspaces }: SurfaceRouteOptions,
):
  | { readonly ok: true; readonly plan: RequestPlan }
  | { readonly ok: false; readonly error: GatewayError } => {
  const workspace = workspaces.get(principal?.workspace ?? "");
  if (principal === null || workspace === undefined)
    throw new TypeError("a checked key belongs to a workspace");
  const { credentials } = engine;
  return planRequest({ caller, workspace, directory, credentials, allowed: principal });
};
