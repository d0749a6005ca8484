import type { DataPolicy, Offering, PriceSchedule } from "@pointsman/core";
import type { ReasoningOption } from "./source/models-dev.ts";

/** Where one fact comes from. */
export type Provenance = {
  readonly source: string;
  readonly licence: string;
  /** Day of the source, `2026-09-23`. */
  readonly date: string;
  /** Why an exception was made, with the vendor's page; only at exceptions. */
  readonly reason?: string;
};

/** A field of an offering whose origin is kept. */
export type ProvenanceField =
  | "price.input"
  | "price.output"
  | "price.cacheRead"
  | "price.cacheWrite5m"
  | "price.cacheWrite1h"
  | "price.reasoning"
  | "price.audioInput"
  | "price.audioCacheRead"
  | "price.audioOutput"
  | "price.imageInput"
  | "price.imageCacheRead"
  | "price.imageOutput"
  | "price.videoInput"
  | "price.videoOutput"
  | "contextWindow"
  | "maxOutputTokens"
  | "capabilities"
  | "cache"
  | "shutdownAt";

/** A price at which requests are not routed: answers that may take hours, or modes of another wire. */
export type UnroutedPrice = {
  /** The source's name of it: `batch`, `flex`, `fast`. */
  readonly mode: string;
  readonly price: PriceSchedule;
};

/** A model at a provider, with what core does not need to know. */
export type CatalogOffering = {
  readonly offering: Offering;
  /** Origin per field; a field without an entry is unknown. */
  readonly provenance: Readonly<Partial<Record<ProvenanceField, Provenance>>>;
  /** When the provider stops or stopped serving it, Unix ms; `null` = no such day is known. */
  readonly shutdownAtMs: number | null;
  /** How its reasoning is controlled; empty = not known or no reasoning. */
  readonly reasoningOptions: readonly ReasoningOption[];
  /** Known, but never chosen. */
  readonly unroutedPrices: readonly UnroutedPrice[];
  /** `false` = the price is known, but nothing else; limits and capabilities are unknown. */
  readonly listedByModelsDev: boolean;
};

/** A model, wherever it is offered. */
export type CatalogModel = {
  /** Canonical, lower-case, without provider prefix. */
  readonly id: string;
  readonly family: string;
  readonly displayName: string;
  readonly author: string;
  /** Further names, each of this model alone. */
  readonly aliases: readonly string[];
  /** Release day, Unix seconds; of the source that lists it if no release day is known. */
  readonly createdSeconds: number;
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  /** Largest of its offerings, tokens; `null` = unknown. */
  readonly contextWindow: number | null;
  readonly offerings: readonly CatalogOffering[];
};

/** Which adapter speaks to a provider. */
export type ProviderKind = "openai" | "anthropic" | "google" | "openai-compatible";

export type CatalogProvider = {
  readonly id: string;
  readonly displayName: string;
  readonly kind: ProviderKind;
  /** Environment variables that may hold its key, the usual one first. */
  readonly envKeys: readonly string[];
  /** Version included, no slash at the end. */
  readonly baseUrl: string;
  readonly docUrl: string;
  /** What the vendor documents for every paying API customer; `none` where nothing is documented. */
  readonly dataPolicy: DataPolicy;
};

/** A source entry that became no offering, and why. */
export type LeftOut = { readonly provider: string; readonly id: string; readonly reason: string };

export type Catalog = {
  /** Day of the latest source and a short hash of all data: `2026-09-23-1a2b3c4d`. */
  readonly version: string;
  /** Day of the latest source, Unix ms. */
  readonly dateMs: number;
  /** By canonical id, in alphabetical order. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  readonly providers: ReadonlyMap<string, CatalogProvider>;
  /** Alias -> canonical id. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly leftOut: readonly LeftOut[];
  /** By canonical id, then by alias; `null` = unknown. Case counts. */
  resolve(name: string): CatalogModel | null;
  /**
   * Canonical ids that look most like a name, best first.
   *
   * @param count at most so many. @default 3
   */
  suggest(name: string, count?: number): readonly string[];
};
