import type { ProviderCall } from "@pointsman/provider";
import type { NeutralRequest } from "@pointsman/translate";
import { needsResponsesForTools } from "./families.ts";

/** The wires of OpenAI's. */
export type OpenAiWire = "chat_completions" | "responses";

const asksForReasoning = (request: NeutralRequest): boolean =>
  (request.reasoningEffort !== undefined && request.reasoningEffort !== "off") ||
  request.reasoningBudgetTokens !== undefined ||
  request.adaptiveReasoning === true;

const holdsReasoning = (request: NeutralRequest): boolean =>
  request.messages.some(
    (message) =>
      message.role === "assistant" &&
      message.parts.some((part) => part.kind === "reasoning" && part.maker === "openai"),
  );

/** What only the Responses wire carries: hosted tools, reasoning that comes back, tools beside a level. */
const needsResponses = ({ request, offering }: ProviderCall): boolean => {
  if (request.needs.onlyWire?.wire === "responses") return true;
  if (request.surface === "chat_completions" && request.canPassThrough) {
    // Bytes that pass through hold none of it, but for a level beside tools.
    return (
      request.needs.capabilities.includes("tools") &&
      request.needs.capabilities.includes("reasoning") &&
      needsResponsesForTools(offering.providerModelId)
    );
  }
  const neutral = request.neutral();
  if ((neutral.hostedTools ?? []).some(({ wire }) => wire === "responses")) return true;
  if (holdsReasoning(neutral)) return true;
  const asks = asksForReasoning(neutral);
  // Callers of Messages expect to see and resend the thinking they ask for.
  if (asks && request.surface === "messages") return true;
  return asks && neutral.tools.length > 0 && needsResponsesForTools(offering.providerModelId);
};

/** The wire a call goes out on (docs/contract.md §6, "Which upstream wire"). */
export const chooseWire = (call: ProviderCall): OpenAiWire => {
  const { wires } = call.offering;
  const takes = (wire: OpenAiWire): boolean => wires.length === 0 || wires.includes(wire);
  if (!takes("responses")) return "chat_completions";
  if (!takes("chat_completions") || call.request.surface === "responses") return "responses";
  return needsResponses(call) ? "responses" : "chat_completions";
};
