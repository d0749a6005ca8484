import { z } from "zod";

/** A small matcher over model ids. */
export type MatchClause =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly MatchClause[] }
  | { readonly and: readonly MatchClause[] };

const matchClause: z.ZodType<MatchClause> = z.lazy(() =>
  z.union([
    z.strictObject({ equals: z.string() }),
    z.strictObject({ starts_with: z.string() }),
    z.strictObject({ ends_with: z.string() }),
    z.strictObject({ contains: z.string() }),
    z.strictObject({ regex: z.string() }),
    z.strictObject({ or: z.array(matchClause) }),
    z.strictObject({ and: z.array(matchClause) }),
  ]),
);

const amount = z.union([
  z.number().nonnegative(),
  z.strictObject({
    base: z.number().nonnegative(),
    tiers: z.array(z.strictObject({ start: z.int().positive(), price: z.number().nonnegative() })),
  }),
]);

const prices = z.strictObject({
  input_mtok: amount.optional(),
  output_mtok: amount.optional(),
  cache_read_mtok: amount.optional(),
  cache_write_mtok: amount.optional(),
  cache_write_1h_mtok: amount.optional(),
  input_audio_mtok: amount.optional(),
  cache_audio_read_mtok: amount.optional(),
  output_audio_mtok: amount.optional(),
  input_image_mtok: amount.optional(),
  cache_image_read_mtok: amount.optional(),
  output_image_mtok: amount.optional(),
  input_video_mtok: amount.optional(),
  output_video_mtok: amount.optional(),
  web_searches_kcount: amount.optional(),
  requests_kcount: amount.optional(),
  storage_searches_kcount: amount.optional(),
  audio_hours: amount.optional(),
  input_audio_hours: amount.optional(),
  input_text_messages_kcount: amount.optional(),
  input_document_kpages: amount.optional(),
  input_annotated_document_kpages: amount.optional(),
});

const constraint = z.union([
  z.strictObject({ type: z.literal("start_date"), start_date: z.iso.date() }),
  z.strictObject({
    type: z.literal("time_of_date"),
    start_time: z.string().regex(/^\d{2}:\d{2}:00Z$/),
    end_time: z.string().regex(/^\d{2}:\d{2}:00Z$/),
  }),
]);

const model = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  match: matchClause,
  context_window: z.int().positive().optional(),
  price_comments: z.string().optional(),
  deprecated: z.boolean().optional(),
  prices: z.union([
    prices,
    z.array(z.strictObject({ constraint: constraint.optional(), prices })).nonempty(),
  ]),
});

/** The shape of `data/genai-prices.json`; strict, so that a new field of the source is noticed. */
export const genaiPricesSchema = z.strictObject({
  source: z.string(),
  licence: z.string(),
  date: z.iso.date(),
  unit: z.string(),
  providers: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      pricing_urls: z.array(z.string()).optional(),
      price_comments: z.string().optional(),
      models: z.array(model),
    }),
  ),
});

export type GenaiPrices = z.output<typeof genaiPricesSchema>;
export type GenaiModel = z.output<typeof model>;
export type GenaiAmount = z.output<typeof amount>;
export type GenaiPriceSet = z.output<typeof prices>;
export type GenaiConstraint = z.output<typeof constraint>;
