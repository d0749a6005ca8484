import type { FastifyReply, FastifyRequest } from "fastify";
import { rawBodyOf, readCountRequest } from "@pointsman/engine/surfaces";
import type { GatewayError } from "@pointsman/translate";
import { sendError } from "../http/create-server.ts";
import { setHeaders } from "../http/set-headers.ts";
import { takeRate, unlimited } from "../money/rate-limit.ts";
import { planCaller } from "./plan-caller.ts";
import type { SurfaceRouteOptions } from "./surface-options.ts";

/** Handles POST /v1/messages/count_tokens: counts, and makes no answer. */
export const createCountTokensHandler =
  (options: SurfaceRouteOptions) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { engine, docsBaseUrl, money, logger } = options;
    if (request.principal === null) throw new TypeError("a count has a key");
    const { shared } = money.stores;
    const rate = await takeRate(shared, request.principal, engine.clock.nowMs()).catch(
      (error: unknown) => {
        // It costs nothing: it is counted again once the store is back.
        logger.error({ requestId: request.id, err: error }, "limits could not be read");
        return unlimited;
      },
    );
    setHeaders(reply, rate.headers);
    const refuse = (error: GatewayError): FastifyReply => {
      sendError(reply, error, docsBaseUrl);
      return reply;
    };
    if (rate.error !== null) return refuse(rate.error);
    const body = rawBodyOf(request.body);
    if (!body.ok) return refuse(body.error);
    const read = readCountRequest(body.raw, request.headers);
    if (!read.ok) return refuse(read.error);
    const planned = planCaller(read.caller, request, options);
    if (!planned.ok) return refuse(planned.error);
    const { tokens, model } = await engine.countTokens(read.caller, planned.plan.routing);
    return reply
      .header("content-type", "application/json; charset=utf-8")
      .header("x-token-count-model", model)
      .send({ input_tokens: tokens });
  };
