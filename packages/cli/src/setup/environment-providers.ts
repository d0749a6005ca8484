import type { Catalog } from "@pointsman/catalog";
import { adapterFactories } from "./adapter-factories.ts";

/** Provider keys found in the environment. */
export type EnvironmentProviders = {
  /** Providers that can be used, with the variable that holds their key. */
  readonly usable: readonly {
    readonly id: string;
    readonly kind: string;
    readonly variable: string;
  }[];
  /** Keys of providers whose wire this version does not speak yet. */
  readonly notYet: readonly { readonly id: string; readonly variable: string }[];
};

/** Looks for the keys of every provider the catalogue knows. */
export const environmentProviders = (
  env: NodeJS.ProcessEnv,
  catalog: Catalog,
): EnvironmentProviders => {
  const found = [...catalog.providers.values()].flatMap(({ id, kind, envKeys }) => {
    const variable = envKeys.find((name) => env[name]?.trim());
    return variable === undefined ? [] : [{ id, kind, variable }];
  });
  return {
    usable: found.filter(({ kind }) => adapterFactories[kind] !== undefined),
    notYet: found.filter(({ kind }) => adapterFactories[kind] === undefined),
  };
};
