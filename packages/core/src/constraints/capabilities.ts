import type { RejectionCode } from "../decide/decision.ts";
import type { Capability, Offering } from "../offering/offering.ts";
import type { Filter } from "./filter.ts";

type Lack = { readonly code: RejectionCode; readonly param: string; readonly suggestion?: string };

/** What is answered when no offering left has a capability (docs/contract.md §27). */
const lacks: Readonly<Record<Capability, Lack>> = {
  streaming: { code: "streaming_not_supported", param: "stream" },
  tools: { code: "tools_not_supported", param: "tools" },
  parallel_tool_calls: { code: "no_compatible_endpoint", param: "parallel_tool_calls" },
  tool_choice_required: { code: "tool_choice_required_not_supported", param: "tool_choice" },
  vision: { code: "vision_not_supported", param: "messages" },
  audio_input: { code: "unsupported_modalities", param: "messages" },
  file_input: { code: "unsupported_modalities", param: "messages" },
  json_mode: {
    code: "json_mode_not_supported",
    param: "response_format",
    suggestion: 'Use response_format {"type":"json_schema"}.',
  },
  structured_output: {
    code: "structured_output_not_supported",
    param: "response_format",
    suggestion: 'Use response_format {"type":"json_object"}.',
  },
  tools_with_structured_output: {
    code: "tools_with_structured_output_not_supported",
    param: "response_format",
    suggestion: "Send tools or a schema, not both.",
  },
  reasoning: { code: "reasoning_not_supported", param: "reasoning_effort" },
  reasoning_disable: { code: "thinking_disable_not_supported", param: "reasoning_effort" },
  prefill: { code: "no_compatible_endpoint", param: "messages" },
  prompt_caching: { code: "no_compatible_endpoint", param: "model" },
  logprobs: { code: "no_compatible_endpoint", param: "logprobs" },
  web_search: { code: "hosted_tool_not_supported", param: "tools" },
};

/** Alternatives are named only where they would help. */
const alternatives: Partial<Record<Capability, Capability>> = {
  json_mode: "structured_output",
  structured_output: "json_mode",
};

const missing = (offering: Offering, needs: readonly Capability[]): readonly Capability[] =>
  needs.filter((capability) => offering.capabilities[capability] === false);

/** Everything the request needs an offering to do. */
export const capabilitiesFilter: Filter = {
  admits: ({ offering }, { request }) =>
    request.needs.capabilities.every((capability) => offering.capabilities[capability] !== false),
  reason: (rejected, { request }) => {
    const needs = request.needs.capabilities;
    const missingEverywhere = needs.find((capability) =>
      rejected.every(({ offering }) => offering.capabilities[capability] === false),
    );
    if (missingEverywhere === undefined) {
      const nearest = rejected
        .map(({ offering }) => ({ id: offering.id, missing: missing(offering, needs) }))
        .reduce((best, next) => (next.missing.length < best.missing.length ? next : best));
      return {
        code: "no_compatible_endpoint",
        param: "model",
        message: `No single offering left has all of: ${needs.join(", ")}.`,
        suggestion: `${nearest.id} lacks only: ${nearest.missing.join(", ")}.`,
      };
    }
    const { suggestion, ...lack } = lacks[missingEverywhere];
    const alternative = alternatives[missingEverywhere];
    const helps =
      alternative === undefined ||
      rejected.some(({ offering }) => offering.capabilities[alternative] !== false);
    return {
      ...lack,
      message: `No offering left of ${request.models.join(", ")} has ${missingEverywhere}.`,
      ...(suggestion !== undefined && helps ? { suggestion } : {}),
    };
  },
};
