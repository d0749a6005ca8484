import { z } from "zod";

const about = { provider: z.string(), models: z.array(z.string()).nonempty() };
const why = { reason: z.string().min(20), source: z.url() };

const rateName = z.enum([
  "input",
  "output",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "image_output",
]);

/** The shape of `data/overrides.json`: every exception to the merge rule, with its reason. */
export const overridesSchema = z.strictObject({
  /** Which genai-prices entry prices a model, where its clauses pick the wrong one; `null` = none. */
  priceEntries: z.array(z.strictObject({ ...about, use: z.string().nullable(), ...why })),
  /** Rates in USD per million tokens that replace what the sources say; `null` = no such rate. */
  rates: z.array(
    z.strictObject({
      ...about,
      set: z.partialRecord(rateName, z.number().nonnegative().nullable()),
      ...why,
    }),
  ),
  /** Entries of the sources that are no chat model one could call there. */
  leftOut: z.array(z.strictObject({ ...about, reason: z.string() })),
  shutdowns: z.array(z.strictObject({ ...about, at: z.iso.datetime(), source: z.url() })),
  /** Models of resellers that models.dev cannot list, being younger than its snapshot. */
  newSinceModelsDev: z.record(z.string(), z.array(z.string())),
});

export type Overrides = z.output<typeof overridesSchema>;
export type RateOverride = Overrides["rates"][number];
