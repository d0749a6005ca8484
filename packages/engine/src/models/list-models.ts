import { periodAt } from "@pointsman/core";
import type { Offering } from "@pointsman/core";
import type { ModelCatalog } from "./model-catalog.ts";

/** One model of GET /v1/models (docs/contract.md §20). */
export type ListedModel = {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: "pointsman";
  readonly context_window: number;
  readonly supported_endpoints: readonly string[];
  readonly providers: readonly {
    readonly name: string;
    readonly input_price: number;
    readonly output_price: number;
    readonly data_policy: string;
  }[];
};

const usdPerMtok = (picoUsdPerToken: number): number => picoUsdPerToken / 1_000_000;

const listedProvider = (offering: Offering, nowMs: number): ListedModel["providers"][number] => {
  const rates = offering.price === null ? null : periodAt(offering.price, nowMs).rates;
  return {
    name: offering.provider,
    // The native client wants numbers: an unknown price shows as 0.
    input_price: rates === null ? 0 : usdPerMtok(rates.inputPicoUsd),
    output_price: rates === null ? 0 : usdPerMtok(rates.outputPicoUsd),
    data_policy: offering.dataPolicy,
  };
};

/** Whether an offering can be called for a chat request. */
export const isChatCallable = ({ wires }: Offering): boolean =>
  wires.some((wire) => wire !== "responses");

/** The surfaces that reach a model: all of them, but that chat does not reach one only Responses serves. */
export const endpointsOf = (offerings: readonly Offering[]): readonly string[] =>
  offerings.some(isChatCallable)
    ? ["chat_completions", "responses", "messages"]
    : ["responses", "messages"];

/** The models behind a set of offerings, by canonical id. */
export const listModels = (
  offerings: readonly Offering[],
  catalog: ModelCatalog | null,
  nowMs: number,
): ReadonlyMap<string, ListedModel> => {
  const byModel = new Map<string, Offering[]>();
  for (const offering of offerings) {
    const group = byModel.get(offering.model) ?? [];
    group.push(offering);
    byModel.set(offering.model, group);
  }
  const ids = [...byModel.keys()].sort();
  return new Map(
    ids.map((id) => {
      const group = byModel.get(id) ?? [];
      return [
        id,
        {
          id,
          object: "model",
          created: catalog?.resolve(id)?.createdSeconds ?? 0,
          owned_by: "pointsman",
          context_window: Math.max(0, ...group.map(({ contextWindow }) => contextWindow ?? 0)),
          supported_endpoints: endpointsOf(group),
          providers: group.map((offering) => listedProvider(offering, nowMs)),
        },
      ];
    }),
  );
};
