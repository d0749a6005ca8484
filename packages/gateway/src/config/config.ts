import type { FileConfig } from "./config-schema.ts";
import type { providerKinds } from "./provider-schema.ts";

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type FileWorkspace = NonNullable<FileConfig["workspaces"]>[number];
type FileKey = FileConfig["keys"][number];
type FileProvider = FileConfig["providers"][string];

/** How a provider is spoken to; chooses the adapter factory. */
export type ProviderKind = (typeof providerKinds)[number];

/** `publicUrl`: without a slash at the end; `null` = made from the host and port listened on. */
export type ServerConfig = DeepReadonly<FileConfig["server"]>;

export type WorkspaceConfig = DeepReadonly<
  Omit<FileWorkspace, "name"> & {
    /** @default the id with a capital letter */
    name: string;
  }
>;

export type KeyConfig = DeepReadonly<
  Omit<FileKey, "name" | "workspace"> & {
    /** @default "key 1", "key 2", … by place */
    name: string;
    /** @default the first workspace */
    workspace: string;
  }
>;

export type ProviderConfig = DeepReadonly<
  Omit<FileProvider, "kind" | "apiKey" | "apiKeys"> & {
    /** @default the provider's own name if that is a kind, else openai-compatible */
    kind: ProviderKind;
    /** One per account; empty = none of the operator's own. */
    apiKeys: string[];
  }
>;

export type ModelConfig = ProviderConfig["models"][string];

/** Where things are kept: `memory:`, `sqlite:` and a file, or a `redis:` or `postgres:` URL. */
export type StateConfig = {
  /** Budgets, rate limits, idempotency keys, what replicas share. */
  readonly hot: string;
  /** Keys, workspaces, the ledger of usage. */
  readonly record: string;
};

/** A configuration that has been checked, every default filled in. */
export type Config = DeepReadonly<
  Omit<FileConfig, "server" | "state" | "workspaces" | "keys" | "aliases" | "providers">
> & {
  readonly server: ServerConfig;
  readonly state: StateConfig;
  /** At least one. */
  readonly workspaces: readonly WorkspaceConfig[];
  readonly keys: readonly KeyConfig[];
  /** To canonical ids, never to another alias. */
  readonly aliases: Readonly<Record<string, string>>;
  /** By name. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
};
