import { z } from "zod";
import { modelSchema } from "./model-schema.ts";
import {
  httpUrl,
  listOf,
  mapOf,
  oneOf,
  orNull,
  positive,
  section,
  strictMap,
  text,
  wholeNumber,
  withDefault,
} from "./schema-parts.ts";

export const providerKinds = ["openai", "anthropic", "google", "openai-compatible"] as const;

/** Offering ids are made of it, `provider/model#tier`. */
export const providerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: "a name of letters, digits and . _ - that begins with a letter or digit",
});

/** A timer's bound: 2^31 − 1 ms. */
const milliseconds = wholeNumber(1, 2_147_483_647);

export const providerSchema = strictMap({
  /** `null` = the provider's own name if that is a kind, else openai-compatible. */
  kind: orNull(oneOf(providerKinds)),
  preset: orNull(text),
  baseUrl: orNull(httpUrl),
  region: orNull(text),
  apiKey: orNull(text),
  apiKeys: orNull(listOf(text)),
  dataPolicy: withDefault(oneOf(["none", "no_training", "zdr"]), "none"),
  /** `null` = none known. */
  limits: section(
    strictMap({
      rpm: orNull(positive),
      tpm: orNull(positive),
      concurrency: orNull(wholeNumber(1)),
    }),
  ),
  timeouts: section(
    strictMap({
      connectMs: withDefault(milliseconds, 5000),
      firstContentMs: withDefault(milliseconds, 120_000),
      silenceMs: withDefault(milliseconds, 120_000),
      answerMs: withDefault(milliseconds, 600_000),
      totalMs: withDefault(milliseconds, 1_800_000),
    }),
  ),
  health: section(
    strictMap({
      openAfter: withDefault(wholeNumber(1), 5),
      restMs: withDefault(milliseconds, 10_000),
    }),
  ),
  models: withDefault(mapOf(section(modelSchema)), {}),
});
