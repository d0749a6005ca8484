import type { CatalogOffering } from "@pointsman/catalog";
import { periodAt } from "@pointsman/core";
import type { Offering, PricePeriod, Rates } from "@pointsman/core";

/** A price beside the plain ones, and when it holds. */
export type PriceVariant = {
  readonly role: string;
  /** USD per million tokens. */
  readonly price: number;
  readonly constraints: Readonly<Record<string, string>>;
  readonly description?: string;
};

/** A tier of an offering as the directory tells it; prices in USD per million tokens. */
export type PricedTier = {
  readonly name: string;
  readonly input_price: number | null;
  readonly output_price: number | null;
  readonly cache_read_price: number | null;
  readonly cache_write_price: number | null;
  readonly latency_hint: "fast" | "standard" | "slow";
  readonly price_variants: readonly PriceVariant[];
};

const usd = (pico: number | null | undefined): number | null =>
  pico === null || pico === undefined ? null : pico / 1_000_000;

const variant = (
  role: string,
  pico: number | null | undefined,
  constraints: Readonly<Record<string, string>> = {},
  description?: string,
): PriceVariant[] => {
  const price = usd(pico);
  if (price === null) return [];
  return [{ role, price, constraints, ...(description === undefined ? {} : { description }) }];
};

const variantsOf = (period: PricePeriod): readonly PriceVariant[] => [
  ...period.tiers.flatMap(({ abovePromptTokens, rates }) => {
    const constraints = { min_prompt_tokens: String(abovePromptTokens + 1) };
    return [
      ...variant("context_tier", rates.inputPicoUsd, { ...constraints, bucket: "input" }),
      ...variant("context_tier", rates.outputPicoUsd, { ...constraints, bucket: "output" }),
    ];
  }),
  ...variant("cache_write_1h", period.rates.cacheWrite1hPicoUsd),
  ...(period.cacheStoragePicoUsdPerTokenHour > 0
    ? variant("cache_storage_hour", period.cacheStoragePicoUsdPerTokenHour)
    : []),
  ...variant("audio_input", period.rates.audioInputPicoUsd),
];

const batchOf = ({ unroutedPrices }: CatalogOffering, nowMs: number): readonly PriceVariant[] =>
  unroutedPrices
    .filter(({ mode }) => mode === "batch")
    .flatMap(({ price }) => {
      const { rates } = periodAt(price, nowMs);
      const told = "answers may take hours; not routed";
      return [
        ...variant("batch", rates.inputPicoUsd, { bucket: "input" }, told),
        ...variant("batch", rates.outputPicoUsd, { bucket: "output" }, told),
      ];
    });

const noRates: Pick<
  Record<keyof Rates, null>,
  "inputPicoUsd" | "outputPicoUsd" | "cacheReadPicoUsd" | "cacheWrite5mPicoUsd"
> = {
  inputPicoUsd: null,
  outputPicoUsd: null,
  cacheReadPicoUsd: null,
  cacheWrite5mPicoUsd: null,
};

/** The prices of an offering at a moment; `known` = what the catalogue has of it besides. */
export const pricedTier = (
  { tier, price }: Offering,
  known: CatalogOffering | undefined,
  nowMs: number,
): PricedTier => {
  const period = price === null ? null : periodAt(price, nowMs);
  const rates = period?.rates ?? noRates;
  return {
    name: tier,
    input_price: usd(rates.inputPicoUsd),
    output_price: usd(rates.outputPicoUsd),
    cache_read_price: usd(rates.cacheReadPicoUsd),
    cache_write_price: usd(rates.cacheWrite5mPicoUsd),
    latency_hint: tier === "standard" ? "standard" : "fast",
    price_variants: [
      ...(period === null ? [] : variantsOf(period)),
      ...(known === undefined ? [] : batchOf(known, nowMs)),
    ],
  };
};
