import type { Capability } from "@pointsman/core";
import type { ModelsDevModel, ReasoningOption } from "../source/models-dev.ts";

type Capabilities = Partial<Record<Capability, boolean>>;

/**
 * Whether reasoning can be switched off; `undefined` = the source does not tell. A model that is
 * steered by effort alone can be stopped only if `none` is among the efforts.
 */
const reasoningDisableOf = (
  provider: string,
  options: readonly ReasoningOption[],
): boolean | undefined => {
  if (options.some((option) => option.type === "toggle")) return true;
  const efforts = options.find((option) => option.type === "effort");
  if (efforts?.values.includes("none")) return true;
  const budget = options.find((option) => option.type === "budget_tokens");
  // Claude thinks only where asked to: https://platform.claude.com/docs/en/build-with-claude/extended-thinking
  if (provider === "anthropic") return budget === undefined ? undefined : true;
  if (budget !== undefined) {
    if (budget.min === 0) return true;
    return provider === "google_ai_studio" ? false : undefined;
  }
  return efforts === undefined ? undefined : false;
};

/** Claude continues a given answer up to the 4.5 generation; 4.6 and later refuse it. */
const prefillOf = (provider: string, id: string): boolean | undefined => {
  if (provider !== "anthropic") return undefined;
  return /^claude-(?:3-|(?:opus|sonnet|haiku)-4-(?:[015]|20\d{6})(?:-|$))/.test(id);
};

/**
 * What a model can do at a provider, as far as the sources tell; absent = unknown.
 *
 * @param options.model `null` = models.dev does not list it
 */
export const capabilitiesOf = (options: {
  readonly provider: string;
  readonly id: string;
  readonly model: ModelsDevModel | null;
  readonly cached: boolean;
  readonly pricedWebSearch: boolean;
}): Readonly<Capabilities> => {
  const { provider, id, model, cached, pricedWebSearch } = options;
  const known: Capabilities = {};
  const say = (name: Capability, value: boolean | undefined): void => {
    if (value !== undefined) known[name] = value;
  };
  if (cached) say("prompt_caching", true);
  if (pricedWebSearch) say("web_search", true);
  say("prefill", prefillOf(provider, id));
  if (model === null) return known;
  say("tools", model.capabilities.tool_call);
  say("vision", model.modalities.input.includes("image"));
  say("audio_input", model.modalities.input.includes("audio"));
  say("file_input", model.modalities.input.includes("pdf"));
  say("structured_output", model.capabilities.structured_output);
  say("reasoning", model.capabilities.reasoning);
  if (model.capabilities.reasoning) {
    say("reasoning_disable", reasoningDisableOf(provider, model.reasoning_options ?? []));
  }
  return known;
};
