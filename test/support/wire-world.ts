import { loadCatalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld, VendorKind } from "@pointsman/simulator";
import { serve } from "./pointsman.ts";
import type { Served } from "./pointsman.ts";

/** A model and the wire its vendor speaks. */
export type WireModel = {
  readonly wire: string;
  readonly provider: string;
  readonly kind: VendorKind | "openai-compatible";
  readonly model: string;
};

/** One model that reasons for every wire, and for every way a vendor has it think. */
export const wireModels = [
  { wire: "chat", provider: "deepseek", kind: "openai-compatible", model: "deepseek-v4-flash" },
  { wire: "responses", provider: "openai", kind: "openai", model: "gpt-5.4" },
  {
    wire: "messages, budget",
    provider: "anthropic",
    kind: "anthropic",
    model: "claude-sonnet-4-5",
  },
  {
    wire: "messages, adaptive",
    provider: "anthropic",
    kind: "anthropic",
    model: "claude-sonnet-4-6",
  },
  {
    wire: "generateContent",
    provider: "google_ai_studio",
    kind: "google",
    model: "gemini-3-pro-preview",
  },
] as const satisfies readonly WireModel[];

const offeringOf = ({ model, provider }: WireModel): Offering => {
  const found = loadCatalog()
    .models.get(model)
    ?.offerings.find(
      ({ offering }) => offering.provider === provider && offering.tier === "standard",
    );
  if (found === undefined) throw new Error(`the catalogue lacks ${provider}/${model}`);
  return found.offering;
};

export type WireWorld = { readonly world: SimulatedWorld; readonly served: Served };

/** A world in which each of the models is served on its vendor's own wire, and a gateway before it. */
export const startWireWorld = async (models: readonly WireModel[]): Promise<WireWorld> => {
  const providers = [...new Set(models.map(({ provider }) => provider))].map((id) => {
    const own = models.filter(({ provider }) => provider === id);
    const kind = own[0]?.kind ?? "openai-compatible";
    return { id, kind, own };
  });
  const world = await startSimulatedWorld({
    pace: 0,
    providers: providers.map(({ id, kind, own }) => ({
      id,
      vendor: kind === "openai-compatible" ? "openai" : kind,
      offerings: own.map(offeringOf),
    })),
  });
  const places = new Map(world.providers.map((place) => [place.id, place]));
  const served = await serveModels(models, (provider) => {
    const place = places.get(provider);
    if (place === undefined) throw new Error(`the world lacks ${provider}`);
    return place;
  });
  return { world, served };
};

/** Where a provider answers. */
type Place = { readonly baseUrl: string; readonly apiKey: string };

/** A gateway before these models, each at the place of its provider; its key is `test-key`. */
export const serveModels = (
  models: readonly WireModel[],
  placeOf: (provider: string, kind: WireModel["kind"]) => Place,
): Promise<Served> => {
  const providers = [...new Set(models.map(({ provider }) => provider))].map((id) => {
    const own = models.filter(({ provider }) => provider === id);
    const kind = own[0]?.kind ?? "openai-compatible";
    const { baseUrl, apiKey } = placeOf(id, kind);
    return [
      id,
      { kind, baseUrl, apiKey, models: Object.fromEntries(own.map(({ model }) => [model, {}])) },
    ];
  });
  const config = {
    keys: [{ key: "test-key" }],
    exploration: 0,
    providers: Object.fromEntries(providers),
  };
  return serve({ config: JSON.stringify(config) });
};
