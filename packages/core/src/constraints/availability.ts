import type { RoutingRequest } from "../request/routing-request.ts";
import type { Track } from "../state/router-state.ts";
import { isChatCallable, speaks } from "./bits.ts";
import { usableCredentials } from "./filter.ts";
import type { Filter } from "./filter.ts";

const modelParam = (models: readonly string[]): string =>
  models.length > 1 ? "gateway.models" : "model";

/** Switched off by the operator. */
export const enabledFilter: Filter = {
  admits: ({ offering }) => offering.enabled,
  reason: (_, { request }) => ({
    code: "model_unavailable",
    param: modelParam(request.models),
    message: `No enabled offering of ${request.models.join(", ")}.`,
  }),
};

const needsResponses = (request: RoutingRequest, { offering }: Track): boolean =>
  request.needs.endpoint === "chat_completions" && !isChatCallable(offering);

/**
 * Chat callers need an offering that is callable as chat; the Responses and Messages surfaces are
 * served by every wire. What only one wire carries needs an offering on that wire.
 */
export const endpointFilter: Filter = {
  admits: (track, { request }) =>
    !needsResponses(request, track) &&
    (request.needs.onlyWire === undefined || speaks(track.offering, request.needs.onlyWire.wire)),
  reason: ([track], { request }) => {
    const { model } = track.offering;
    const { onlyWire } = request.needs;
    if (needsResponses(request, track) || onlyWire === undefined) {
      return {
        code: "response_api_only",
        param: "model",
        message: `${model} is served on the Responses API only.`,
        suggestion: "Use POST /v1/responses.",
      };
    }
    if (onlyWire.for === "hosted_tool") {
      return {
        code: "hosted_tool_not_supported",
        param: "tools",
        message: `No provider of ${model} runs this tool.`,
      };
    }
    return onlyWire.wire === "responses"
      ? {
          code: "input_requires_responses_endpoint",
          param: "input",
          message: `No provider of ${model} takes this input: it needs a native Responses API.`,
        }
      : {
          code: "no_compatible_endpoint",
          param: "messages",
          message: `No provider of ${model} takes this content.`,
        };
  },
};

/** An account to call it on. */
export const credentialsFilter: Filter = {
  admits: ({ offering }, { request }) => usableCredentials(offering, request).length > 0,
  reason: (rejected, { request }) => {
    const at = rejected.map(({ offering }) => offering.provider);
    const providers = [...new Set(at)].sort().join(", ");
    if (request.constraints.onlyByok === true) {
      return {
        code: "byok_keys_required",
        param: "gateway.routing.only_byok",
        message: `No key of your own for ${providers}.`,
        suggestion: "Add a provider key, or leave gateway.routing.only_byok out.",
      };
    }
    if (request.constraints.onlyPlatform === true) {
      return {
        code: "platform_keys_unavailable",
        param: "gateway.routing.only_platform",
        message: `No platform key for ${providers}.`,
        suggestion: "Leave gateway.routing.only_platform out to use your own keys.",
      };
    }
    return {
      code: "no_provider_available",
      param: null,
      message: `No usable key for ${providers}.`,
    };
  },
};

export { modelParam };
