import type { RawBody } from "../bytes/raw-body.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import { present } from "../json/present.ts";
import type { TopLevelSpans } from "../json/top-level-spans.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { measureRequest } from "../measure/measure-request.ts";
import { needsOf } from "../measure/request-needs.ts";
import type { Loss } from "../neutral/loss.ts";
import { askedEffort } from "../neutral/reasoning-budget.ts";
import type { CallerRequest } from "../request/caller-request.ts";
import { parseBody } from "../request/parse-body.ts";
import { decodeResponsesRequest } from "./decode-request.ts";
import { canPassResponses } from "./encode-passthrough-request.ts";
import { parseResponsesRequest } from "./parse-responses-request.ts";
import type { ResponsesRequest } from "./responses-request-schema.ts";

export type ReadResponsesRequest =
  | {
      readonly ok: true;
      readonly caller: CallerRequest;
      readonly losses: readonly Loss[];
      /** What the answer repeats of the request. */
      readonly request: ResponsesRequest;
    }
  | { readonly ok: false; readonly error: GatewayError };

/** Bytes to a validated Responses request. */
export const readResponsesRequest = (body: RawBody): ReadResponsesRequest => {
  const json = parseBody(body);
  if (!json.ok) return json;
  const parsed = parseResponsesRequest(json.value);
  if (!parsed.ok) return parsed;
  const { request, losses } = parsed;
  const neutral = decodeResponsesRequest(request);
  const { size, chain, opening } = measureRequest(neutral);
  let spans: TopLevelSpans | undefined;
  const caller: CallerRequest = {
    surface: "responses",
    body,
    outline: {
      ...present("model", request.model),
      ...present("gateway", request.gateway),
      stream: request.stream === true,
      ...present("maxOutputTokens", request.max_output_tokens),
      choices: 1,
      ...present("promptCacheKey", request.prompt_cache_key),
      excludeReasoning: false,
      ...present("reasoningEffort", askedEffort(neutral)),
      legacyFunctions: false,
    },
    fields: Object.keys(request),
    prompt: size,
    chain,
    opening,
    needs: needsOf(neutral),
    canPassThrough: canPassResponses(neutral),
    spans: () => (spans ??= scanTopLevel(body.byteText)),
    neutral: () => neutral,
  };
  return { ok: true, caller, losses, request };
};
