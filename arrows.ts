/**
 * Who may import whom at run time. An arrow points at a workspace package and never turns round;
 * types of core may be imported everywhere. `external` lists the third-party packages a package is
 * held to; `"any"` leaves them to its own package.json.
 */
export type Arrows = {
  readonly workspace: readonly string[];
  readonly external: readonly string[] | "any";
};

export const arrows: Readonly<Record<string, Arrows>> = {
  core: { workspace: [], external: [] },
  translate: { workspace: [], external: ["zod", "eventsource-parser"] },
  store: { workspace: ["core"], external: [] },
  "store-sqlite": { workspace: ["core", "store"], external: ["node:sqlite"] },
  "store-postgres": { workspace: ["core", "store"], external: ["postgres"] },
  "store-redis": { workspace: ["core", "store"], external: ["ioredis"] },
  catalog: { workspace: [], external: ["zod", "yaml", "node:fs", "node:crypto"] },
  provider: { workspace: ["core", "translate"], external: "any" },
  "provider-openai-compatible": { workspace: ["provider", "translate"], external: "any" },
  "provider-openai": { workspace: ["provider", "translate"], external: "any" },
  "provider-anthropic": { workspace: ["provider", "translate"], external: "any" },
  "provider-google": { workspace: ["provider", "translate"], external: "any" },
  engine: { workspace: ["core", "translate", "provider"], external: "any" },
  simulator: { workspace: ["core", "translate"], external: "any" },
  replay: { workspace: ["core", "simulator", "catalog"], external: "any" },
  sdk: { workspace: [], external: ["openai"] },
  "ai-sdk-provider": { workspace: ["sdk"], external: "any" },
  gateway: {
    workspace: ["core", "translate", "catalog", "provider", "engine", "store"],
    external: "any",
  },
};
