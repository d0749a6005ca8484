import type { Capability, DataPolicy, Offering } from "../offering/offering.ts";

const order: readonly Capability[] = [
  "streaming",
  "tools",
  "parallel_tool_calls",
  "tool_choice_required",
  "vision",
  "audio_input",
  "file_input",
  "json_mode",
  "structured_output",
  "tools_with_structured_output",
  "reasoning",
  "reasoning_disable",
  "prefill",
  "prompt_caching",
  "logprobs",
  "web_search",
];

/** One bit per capability. */
const capabilityBits: Readonly<Record<string, number>> = Object.fromEntries(
  order.map((capability, index) => [capability, 1 << index]),
);

/** Higher = stricter: `zdr` ⊂ `no_training` ⊂ `none`. */
export const strictness: Readonly<Record<DataPolicy, number>> = {
  none: 0,
  no_training: 1,
  zdr: 2,
};

export const capabilityMask = (capabilities: readonly Capability[]): number => {
  let mask = 0;
  for (const capability of capabilities) mask |= capabilityBits[capability] ?? 0;
  return mask;
};

/** What an offering is known not to do; unknown capabilities never speak against it. */
export const lackMask = (offering: Offering): number =>
  capabilityMask(order.filter((capability) => offering.capabilities[capability] === false));

/** Chat callers need a wire that is callable as chat; an empty list says nothing. */
export const isChatCallable = ({ wires }: Offering): boolean =>
  wires.length === 0 || wires.some((wire) => wire !== "responses");

export const ENABLED = 1;
export const CHAT_CALLABLE = 2;
/** Strictness of the data policy stands above the two flags. */
export const POLICY_SHIFT = 2;
export const POLICY_BITS: number = ~(ENABLED | CHAT_CALLABLE);

/** Flags and data policy of an offering as one number. */
export const traitsOf = (offering: Offering): number =>
  (offering.enabled ? ENABLED : 0) |
  (isChatCallable(offering) ? CHAT_CALLABLE : 0) |
  (strictness[offering.dataPolicy] << POLICY_SHIFT);
