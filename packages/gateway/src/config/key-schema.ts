import { z } from "zod";
import {
  listOf,
  oneOf,
  orNull,
  strictMap,
  text,
  wholeNumber,
  withDefault,
} from "./schema-parts.ts";
import { budgetSchema } from "./workspace-schema.ts";

/** What a key may be allowed. */
export const keyScopes = [
  "inference",
  "keys:read",
  "keys:write",
  "usage:read",
  "byok:read",
  "byok:write",
  "budgets:read",
  "budgets:write",
  "routing:read",
  "routing:write",
  "workspaces:read",
  "workspaces:write",
  "billing:read",
  "admin",
] as const;

const scope = oneOf(keyScopes);

const timeError = "a time like 2027-01-31T00:00:00Z";

export const keySchema = strictMap({
  key: text,
  /** `null` = by its place in the list. */
  name: orNull(text),
  /** `null` = the first one. */
  workspace: orNull(text),
  scopes: withDefault(listOf(scope), ["inference"]),
  rateLimitRpm: orNull(wholeNumber(1)),
  expiresAt: orNull(z.iso.datetime({ offset: true, error: timeError })),
  /** Canonical ids; empty = all. */
  models: withDefault(listOf(text), []),
  /** Empty = all. */
  providers: withDefault(listOf(text), []),
  budgets: withDefault(listOf(budgetSchema), []),
});
