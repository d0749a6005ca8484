import { resolveAliases } from "./aliases.ts";
import type {
  Config,
  KeyConfig,
  ProviderConfig,
  ProviderKind,
  StateConfig,
  WorkspaceConfig,
} from "./config.ts";
import type { FileConfig } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import { providerKinds } from "./provider-schema.ts";
import { workspaceSchema } from "./workspace-schema.ts";

/** The kind of a provider whose entry names none. */
export const kindByName = (provider: string): ProviderKind =>
  providerKinds.find((kind) => kind === provider) ?? "openai-compatible";

/** A workspace with every default. */
export const completeWorkspace = (
  workspace: NonNullable<FileConfig["workspaces"]>[number],
): WorkspaceConfig => ({
  ...workspace,
  name: workspace.name ?? workspace.id.charAt(0).toUpperCase() + workspace.id.slice(1),
});

const completeProvider = (
  name: string,
  { apiKey, apiKeys, ...rest }: FileConfig["providers"][string],
): ProviderConfig => ({
  ...rest,
  kind: rest.kind ?? kindByName(name),
  apiKeys: apiKey === null ? (apiKeys ?? []) : [apiKey],
});

const completePlace = (place: string): string => (place === "memory" ? "memory:" : place);

const completeState = (state: FileConfig["state"], otherwise: string): StateConfig => {
  const { hot, record } =
    typeof state === "object" && state !== null
      ? state
      : { hot: state ?? otherwise, record: state ?? otherwise };
  return { hot: completePlace(hot), record: completePlace(record) };
};

/** Fills the defaults that are made from other values. The file has passed every check. */
export const completeConfig = (file: FileConfig, defaultState = "memory:"): Config => {
  const [first, ...others] = file.workspaces ?? [];
  const firstWorkspace = completeWorkspace(first ?? workspaceSchema.parse({}));
  const completeKey = (key: FileConfig["keys"][number], index: number): KeyConfig => ({
    ...key,
    name: key.name ?? `key ${index + 1}`,
    workspace: key.workspace ?? firstWorkspace.id,
  });
  const providers = Object.entries(file.providers).map(
    ([name, provider]) => [name, completeProvider(name, provider)] as const,
  );
  return {
    ...file,
    state: completeState(file.state, defaultState),
    workspaces: [firstWorkspace, ...others.map(completeWorkspace)],
    keys: file.keys.map(completeKey),
    aliases: resolveAliases(file.aliases),
    providers: Object.fromEntries(providers),
  };
};

/** What holds without any file: one workspace, no keys, no providers. */
export const defaultConfig = (): Config => completeConfig(configSchema.parse({ providers: {} }));
