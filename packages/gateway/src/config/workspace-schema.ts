import { z } from "zod";
import { routingSchema } from "./routing-schema.ts";
import {
  flag,
  listOf,
  nonNegative,
  oneOf,
  orNull,
  positive,
  section,
  share,
  strictMap,
  text,
  wholeNumber,
  withDefault,
} from "./schema-parts.ts";

export const budgetSchema = strictMap({
  period: oneOf(["daily", "weekly", "monthly", "total"]),
  limitUsd: positive,
  /** `false` only records. */
  enforce: withDefault(flag, true),
  includeByok: withDefault(flag, false),
});

/** Tokens held back before a stream starts, or all of it. */
const buffer = z.union([wholeNumber(0), z.literal("whole")], {
  error: 'a whole number of tokens, or "whole"',
});

const hedge = z.union([z.literal("off"), strictMap({ budgetShare: withDefault(share, 0.02) })], {
  error: '"off", or a map with budgetShare',
});

export const workspaceSchema = strictMap({
  id: withDefault(text, "default"),
  /** `null` = made from the id. */
  name: orNull(text),
  routing: section(routingSchema),
  budgets: withDefault(listOf(budgetSchema), []),
  /** Most that own provider keys may spend in a month, USD; `null` = as it was set by HTTP, else no cap. */
  byokMonthlyCapUsd: orNull(positive),
  rescue: withDefault(oneOf(["auto", "off"]), "auto"),
  buffer: withDefault(buffer, 0),
  hedge: withDefault(hedge, "off"),
  slo: section(
    strictMap({
      ttftMs: withDefault(positive, 2500),
      ttftMsPer1kIn: withDefault(nonNegative, 120),
    }),
  ),
  /** `null` = relative to what the workspace's requests cost. */
  valueOfTimeUsdPerSecond: orNull(nonNegative),
});
