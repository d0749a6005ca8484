import { z } from "zod";
import { keySchema } from "./key-schema.ts";
import { isHost } from "./public-url.ts";
import { providerName, providerSchema } from "./provider-schema.ts";
import {
  flag,
  httpUrl,
  listOf,
  mapOf,
  oneOf,
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

const placeError =
  '"memory:", "sqlite:<file>", "redis://…" or "postgres://…", or a map with hot and record';

const place = z
  .string({ error: placeError })
  .regex(/^(?:memory:?|sqlite:.+|rediss?:.+|postgres(?:ql)?:.+)$/u, {
    error: placeError,
  });

/** Where money and keys are kept; `hot` what is asked with every request, `record` what is to last. */
const state = z.union([place, strictMap({ hot: place, record: place })], { error: placeError });

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
  /** `null` = by where the configuration comes from. */
  state: orNull(state),
  /** What calls do that an enforced budget limits while the store is out of reach; others go on. */
  storeOutage: withDefault(oneOf(["refuse", "allow"]), "refuse"),
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
