import type { UpstreamWire } from "@pointsman/core";
import type { ProviderKind } from "../catalog.ts";

/** OpenAI's model pages list these under v1/responses only. */
const responsesOnly =
  /^(?:o1-pro|o3-pro|gpt-5(?:\.\d+)?-pro|gpt-5(?:\.\d+)?-codex|o[34](?:-mini)?-deep-research|codex-mini|computer-use)/;

/** … and these under v1/chat/completions only. */
const chatOnly = /-search-preview/;

/** The wires on which an offering can be called. */
export const wiresOf = (kind: ProviderKind, id: string): readonly UpstreamWire[] => {
  switch (kind) {
    case "anthropic":
      return ["messages"];
    case "google":
      return ["generate_content"];
    case "openai-compatible":
      return ["chat_completions"];
    case "openai":
      break;
  }
  if (responsesOnly.test(id)) return ["responses"];
  if (chatOnly.test(id)) return ["chat_completions"];
  return ["chat_completions", "responses"];
};
