import { estimatePromptTokens, explain } from "@pointsman/core";
import type { ExplainedCandidate, Offering, RouterState, RoutingRequest } from "@pointsman/core";
import type { CallerRequest } from "@pointsman/translate";
import type { EngineProvider } from "../account/account.ts";

/** How many tokens a prompt has, and for which model that was said. */
export type TokenCount = {
  readonly tokens: number;
  /** The provider's own name of the model it counted for; of an estimate, the canonical one. */
  readonly model: string;
};

/** What counting looks at. */
export type CountContext = {
  readonly state: RouterState;
  readonly providers: ReadonlyMap<string, EngineProvider>;
  readonly offerings: ReadonlyMap<string, Offering>;
  readonly nowMs: number;
  readonly seed: number;
};

const countAt = async (
  caller: CallerRequest,
  candidate: ExplainedCandidate,
  { providers, offerings }: CountContext,
): Promise<TokenCount | null> => {
  const provider = providers.get(candidate.provider);
  const offering = offerings.get(candidate.offeringId);
  const account = provider?.accounts.find(
    ({ credential }) => credential.id === candidate.credentialId,
  );
  if (offering === undefined || account === undefined) return null;
  const tokens = await provider?.adapter.countTokens?.({
    request: caller,
    offering,
    credential: { id: account.credential.id, apiKey: account.apiKey },
    stream: false,
    maxOutputTokens: null,
  });
  return tokens === null || tokens === undefined
    ? null
    : { tokens, model: offering.providerModelId };
};

/**
 * The prompt's tokens as the best candidate's provider counts them, where it counts for free, else
 * estimated. Nothing is learned, nothing charged.
 */
export const countTokens = async (
  caller: CallerRequest,
  routing: RoutingRequest,
  context: CountContext,
): Promise<TokenCount> => {
  const { state, providers, nowMs, seed } = context;
  const { candidates } = explain(state, routing, { nowMs, seed });
  const counting = candidates.find(
    ({ provider }) => providers.get(provider)?.adapter.countTokens !== undefined,
  );
  const counted = counting === undefined ? null : await countAt(caller, counting, context);
  if (counted !== null) return counted;
  const model = candidates[0]?.model ?? routing.models[0] ?? "";
  return { tokens: estimatePromptTokens(state, model, caller.prompt).tokens, model };
};
