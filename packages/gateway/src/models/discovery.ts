import type { Catalog, CatalogModel, CatalogOffering } from "@pointsman/catalog";
import { periodAt } from "@pointsman/core";
import type { Capability, Offering } from "@pointsman/core";
import { endpointsOf } from "@pointsman/engine/surfaces";
import { requirableParameters } from "@pointsman/translate";
import { displayNameOf } from "../byok/byok-providers.ts";
import { pricedTier } from "./priced-tier.ts";

/** What discovery tells of, and by when. */
export type DiscoverySource = {
  readonly offerings: readonly Offering[];
  readonly catalog: Catalog;
  /** Further names of models, of the configuration, to canonical ids. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly nowMs: number;
};

type Json = Readonly<Record<string, unknown>>;

/** The capabilities that are told, all of them (docs/contract.md §20). */
const toldCapabilities = [
  "streaming",
  "tools",
  "parallel_tool_calls",
  "tool_choice_required",
  "vision",
  "json_mode",
  "structured_output",
  "tools_with_structured_output",
  "reasoning",
  "reasoning_disable",
  "prefill",
  "prompt_caching",
  "logprobs",
  "web_search",
] as const satisfies readonly Capability[];

const has = ({ capabilities, cache }: Offering, name: Capability): boolean => {
  // What nobody denies: every wire streams, and every provider with a cache caches.
  if (name === "streaming") return capabilities.streaming !== false;
  if (name === "prompt_caching") return capabilities[name] ?? cache.mode !== "none";
  return capabilities[name] === true;
};

const capabilitiesOf = (offerings: readonly Offering[]): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    toldCapabilities.map((name) => [name, offerings.some((one) => has(one, name))]),
  );

const acceptedParameters = (offerings: readonly Offering[]): readonly string[] =>
  requirableParameters.filter((name) =>
    offerings.some(({ unsupportedParameters }) => !unsupportedParameters.includes(name)),
  );

const supportedParameters = (offerings: readonly Offering[]): readonly string[] => {
  const can = capabilitiesOf(offerings);
  return [
    ...acceptedParameters(offerings),
    "max_tokens",
    "max_completion_tokens",
    "stop",
    "stream",
    ...(can["tools"] === true ? ["tools", "tool_choice"] : []),
    ...(can["json_mode"] === true || can["structured_output"] === true ? ["response_format"] : []),
    ...(can["reasoning"] === true ? ["reasoning_effort", "reasoning"] : []),
  ];
};

const groupBy = <Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
};

const sorted = <Item>(groups: ReadonlyMap<string, Item>): readonly (readonly [string, Item])[] =>
  [...groups].sort(([a], [b]) => (a < b ? -1 : 1));

/** What is told of a model that no catalogue has. */
const unknownModel = (id: string, offerings: readonly Offering[]) => ({
  family: id,
  displayName: id,
  author: undefined,
  inputModalities: offerings.some((one) => has(one, "vision")) ? ["text", "image"] : ["text"],
  outputModalities: ["text"],
});

const isFree = ({ price }: Offering, nowMs: number): boolean => {
  if (price === null) return false;
  const { rates } = periodAt(price, nowMs);
  return rates.inputPicoUsd === 0 && rates.outputPicoUsd === 0;
};

const named = (author: string | undefined) => (author === undefined ? {} : { author });

/** GET /v1/registry/models. */
export const registryModels = ({ offerings, catalog, nowMs }: DiscoverySource): Json => {
  const models = sorted(groupBy(offerings, ({ model }) => model)).map(([id, group]) => {
    const known = catalog.models.get(id) ?? unknownModel(id, group);
    return {
      id,
      family: known.family,
      display_name: known.displayName,
      capabilities: capabilitiesOf(group),
      input_modalities: known.inputModalities,
      output_modalities: known.outputModalities,
      providers: [...new Set(group.map(({ provider }) => provider))],
      has_free_provider: group.some((offering) => isFree(offering, nowMs)),
      ...named(known.author),
    };
  });
  return { models, count: models.length };
};

/** GET /v1/registry/providers. */
export const registryProviders = ({ offerings, catalog }: DiscoverySource): Json => {
  const providers = sorted(groupBy(offerings, ({ provider }) => provider)).map(([id, group]) => {
    const models = new Set(group.map(({ model }) => model)).size;
    return {
      id,
      display_name: displayNameOf(id, catalog),
      description: `${models} ${models === 1 ? "model" : "models"}; ${catalog.providers.get(id)?.docUrl ?? "configured here"}`,
      icon: id,
      data_policy: group[0]?.dataPolicy ?? "none",
    };
  });
  return { providers, count: providers.length };
};

const isoOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

const providerEntry = (
  group: readonly [Offering, ...Offering[]],
  model: CatalogModel | undefined,
  { catalog, nowMs }: DiscoverySource,
): Json => {
  const [first] = group;
  const knownOf = ({ provider, tier }: Offering): CatalogOffering | undefined =>
    model?.offerings.find(
      ({ offering }) => offering.provider === provider && offering.tier === tier,
    );
  const known = model ?? unknownModel(first.model, group);
  const can = capabilitiesOf(group);
  return {
    provider: first.provider,
    provider_model_id: first.providerModelId,
    context_window: first.contextWindow,
    max_output_tokens: first.maxOutputTokens,
    capabilities: can,
    input_modalities: known.inputModalities,
    output_modalities: known.outputModalities,
    tools: [
      ...(can["tools"] === true ? ["function"] : []),
      ...(can["web_search"] === true ? ["web_search"] : []),
    ],
    tiers: group.map((offering) => pricedTier(offering, knownOf(offering), nowMs)),
    updated_at: new Date(catalog.dateMs).toISOString(),
    data_policy: first.dataPolicy,
    accepted_params: acceptedParameters(group),
    supported_parameters: supportedParameters(group),
    supported_endpoints: endpointsOf(group),
    shutdown_at: isoOf(knownOf(first)?.shutdownAtMs),
  };
};

/** GET /v1/directory/models. */
export const directoryModels = (source: DiscoverySource): Json => {
  const { offerings, catalog, aliases, nowMs } = source;
  const models = sorted(groupBy(offerings, ({ model }) => model)).map(([id, group]) => {
    const model = catalog.models.get(id);
    const known = model ?? unknownModel(id, group);
    const own = Object.entries(aliases).flatMap(([alias, target]) =>
      target === id ? [alias] : [],
    );
    const byPlace = groupBy(
      group,
      ({ provider, providerModelId }) => `${provider} ${providerModelId}`,
    );
    const providers = [...byPlace.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [providerEntry([first, ...others], model, source)],
    );
    const entry = {
      family: known.family,
      display_name: known.displayName,
      providers,
      ...named(known.author),
      supported_parameters: supportedParameters(group),
      aliases: [...(model?.aliases ?? []), ...own],
    };
    return [id, entry] as const;
  });
  return {
    models: Object.fromEntries(models),
    generated_at: new Date(nowMs).toISOString(),
  };
};
