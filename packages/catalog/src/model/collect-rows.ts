import type { LeftOut } from "../catalog.ts";
import { whyNoChat, whyNoPricedChat } from "../offering/chat-rule.ts";
import { providerTable } from "../provider/provider-table.ts";
import type { ProviderEntry } from "../provider/provider-table.ts";
import type { GenaiModel } from "../source/genai-prices.ts";
import { findMatch, namedIds } from "../source/matches.ts";
import type { Overrides } from "../source/overrides.ts";
import type { Sources } from "../source/read-sources.ts";
import type { SourceRow } from "./source-row.ts";

/** The id under which a priced entry can be called: its own, else the first that its clause names. */
const callableIdOf = (model: GenaiModel): string | null => {
  if (findMatch([model], model.id) !== null) return model.id;
  return namedIds(model.match)[0] ?? null;
};

const leftOutReason = (overrides: Overrides, provider: string, id: string): string | null =>
  overrides.leftOut.find((entry) => entry.provider === provider && entry.models.includes(id))
    ?.reason ?? null;

/** The entry that prices a model: the one an override names, else the first whose clause matches. */
const priceEntryOf = (
  overrides: Overrides,
  provider: ProviderEntry,
  models: readonly GenaiModel[],
  id: string,
): GenaiModel | null => {
  const override = overrides.priceEntries.find(
    (entry) => entry.provider === provider.id && entry.models.includes(id),
  );
  if (override === undefined) return findMatch(models, id);
  return models.find((model) => model.id === override.use) ?? null;
};

/** `gpt-4o-2024-08-06` of `gpt-4o`, `gpt-4-0613` of `gpt-4`. */
const isDatedNameOf = (id: string, base: string): boolean =>
  id.startsWith(`${base}-`) && /^\d{4}(?:-\d{2}-\d{2})?$/.test(id.slice(base.length + 1));

/** Why an entry of genai-prices that no other row stands for is left out; `null` = it is not. */
const whyNotPricedOnly = (
  overrides: Overrides,
  provider: ProviderEntry,
  id: string,
  model: GenaiModel,
): string | null => {
  const listed = overrides.leftOut.find(
    (entry) => entry.provider === provider.id && entry.models.includes(model.id),
  );
  if (listed !== undefined) return listed.reason;
  const noChat = whyNoPricedChat(provider.id, id, model);
  if (noChat !== null || !provider.reseller) return noChat;
  return overrides.newSinceModelsDev[provider.id]?.includes(id) === true
    ? null
    : "the reseller no longer lists it";
};

/**
 * Every chat model of every provider, once per provider and id:
 * what models.dev lists; what `models.yaml` names besides; what only genai-prices has; and the dated
 * snapshots that an OpenAI price entry names beside the undated model, with that model's limits.
 */
export const collectRows = (
  sources: Sources,
): { readonly rows: readonly SourceRow[]; readonly leftOut: readonly LeftOut[] } => {
  const { overrides } = sources;
  const rows: SourceRow[] = [];
  const leftOut: LeftOut[] = [];
  const pinned = new Set<string>();
  const mapped: { provider: string; id: string }[] = [];
  for (const { aliases, offerings } of Object.values(sources.modelMap)) {
    for (const { provider, id } of offerings) {
      mapped.push({ provider, id });
      for (const alias of aliases ?? []) pinned.add(`${provider}/${alias}`);
    }
  }
  for (const provider of providerTable) {
    const listed = sources.modelsDev.providers[provider.modelsDevId]?.models ?? {};
    const priced =
      sources.genaiPrices.providers.find(({ id }) => id === provider.genaiId)?.models ?? [];
    const prices = new Map<string, GenaiModel | null>();
    const add = (id: string, like: string, why: string | null): void => {
      if (prices.has(id)) return;
      const genai = priceEntryOf(overrides, provider, priced, id);
      prices.set(id, genai);
      const reason =
        leftOutReason(overrides, provider.id, id) ??
        why ??
        (pinned.has(`${provider.id}/${id}`) ? "an alias, pinned in models.yaml" : null);
      if (reason !== null) leftOut.push({ provider: provider.id, id, reason });
      else rows.push({ provider, id, modelsDev: listed[like] ?? null, genai });
    };
    for (const [id, model] of Object.entries(listed)) add(id, id, whyNoChat(id, model));
    for (const { provider: name, id } of mapped) if (name === provider.id) add(id, id, null);
    if (provider.id === "openai") {
      for (const [base, price] of prices) {
        for (const dated of price === null ? [] : namedIds(price.match)) {
          const model = listed[base];
          if (model !== undefined && isDatedNameOf(dated, base)) {
            add(dated, base, whyNoChat(base, model));
          }
        }
      }
    }
    const used = new Set(prices.values());
    for (const model of priced) {
      if (used.has(model)) continue;
      const id = callableIdOf(model);
      if (id === null)
        leftOut.push({ provider: provider.id, id: model.id, reason: "no id of its own" });
      else add(id, id, whyNotPricedOnly(overrides, provider, id, model));
    }
  }
  return { rows, leftOut };
};
