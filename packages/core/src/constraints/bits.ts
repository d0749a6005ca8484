import type { Capability, DataPolicy, Offering, UpstreamWire } from "../offering/offering.ts";

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

/** Whether an offering is called on a wire; an empty list says nothing. */
export const speaks = ({ wires }: Offering, wire: UpstreamWire): boolean =>
  wires.length === 0 || wires.includes(wire);

export const ENABLED = 1;
export const CHAT_CALLABLE = 2;
/** A bit for each wire an offering speaks. */
export const WIRE_BITS: Readonly<Record<UpstreamWire, number>> = {
  chat_completions: 4,
  responses: 8,
  messages: 16,
  generate_content: 32,
};
/** Strictness of the data policy stands above the flags. */
export const POLICY_SHIFT = 6;
export const POLICY_BITS: number = -1 << POLICY_SHIFT;

/** Flags and data policy of an offering as one number. */
export const traitsOf = (offering: Offering): number => {
  let traits = strictness[offering.dataPolicy] << POLICY_SHIFT;
  if (offering.enabled) traits |= ENABLED;
  if (isChatCallable(offering)) traits |= CHAT_CALLABLE;
  for (const [wire, bit] of Object.entries(WIRE_BITS)) {
    if (offering.wires.length === 0 || offering.wires.some((one) => one === wire)) traits |= bit;
  }
  return traits;
};
