import { z } from "zod";
import { keySchema } from "./key-schema.ts";
import { isHost } from "./public-url.ts";
import { providerName, providerSchema } from "./provider-schema.ts";
import {
  flag,
  httpUrl,
  listOf,
  mapOf,
  orNull,
  section,
  share,
  strictMap,
  text,
  wholeNumber,
  withDefault,
} from "./schema-parts.ts";
import { workspaceSchema } from "./workspace-schema.ts";

const hostError = "a host name or IP address";
const host = z.string({ error: hostError }).refine(isHost, { error: hostError });

const laterStates = /^(?:rediss?|postgres(?:ql)?):/;

/** Where money and keys are kept: this process, or a SQLite file beside the configuration. */
const state = z
  .string({
    error: ({ input }) =>
      typeof input === "object" && input !== null && ("hot" in input || "record" in input)
        ? '"memory:" or "sqlite:<file>" (redis: and postgres: come in a later version)'
        : '"memory:" or "sqlite:<file>"',
  })
  .regex(/^(?:memory:?|sqlite:.+)$/, {
    error: ({ input }) =>
      typeof input === "string" && laterStates.test(input)
        ? '"memory:" or "sqlite:<file>" (redis: and postgres: come in a later version)'
        : '"memory:" or "sqlite:<file>"',
  });

/** What `pointsman.yaml` may hold; its output has every default but those made from other values. */
export const configSchema = strictMap({
  server: section(
    strictMap({
      host: withDefault(host, "127.0.0.1"),
      /** 0 = a free one. */
      port: withDefault(wholeNumber(0, 65_535), 8787),
      /** `null` = made from host and port. */
      publicUrl: orNull(httpUrl),
    }),
  ),
  state: withDefault(state, "memory:"),
  workspaces: orNull(listOf(workspaceSchema).min(1, { error: "at least one workspace" })),
  keys: withDefault(listOf(keySchema), []),
  /** Further names of models, each to a canonical id or to another alias. */
  aliases: withDefault(mapOf(text), {}),
  retry: section(
    strictMap({ budgetShare: withDefault(share, 0.1), burst: withDefault(wholeNumber(0), 10) }),
  ),
  /** Most requests that may go to a place nothing is known of. */
  exploration: withDefault(share, 0.02),
  /** Whether callers may ask why a decision fell as it did. */
  explain: withDefault(flag, true),
  excludeQuantizations: withDefault(listOf(text), []),
  providers: mapOf(section(providerSchema), providerName),
});

export type FileConfig = z.output<typeof configSchema>;
