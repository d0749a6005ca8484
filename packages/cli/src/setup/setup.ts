import { existsSync, readFileSync } from "node:fs";
import { loadCatalog } from "@pointsman/catalog";
import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import { formatFault, loadConfig } from "@pointsman/gateway";
import type { Config } from "@pointsman/gateway";
import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld } from "@pointsman/simulator";
import { stringify } from "yaml";
import { CliError } from "./cli-error.ts";
import { environmentProviders } from "./environment-providers.ts";
import { simulatedOfferings } from "./simulated-models.ts";

/** The file that is read where none is named. */
const defaultFile = "pointsman.yaml";

/** Where things are kept that a configuration file says nothing of. */
const fileState = "sqlite:./pointsman.db";

/** A configuration and where it came from. */
export type Setup = {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly source: "file" | "environment" | "simulated";
  /** The file read, if one was. */
  readonly file: string | null;
  /** Provider keys in the environment whose wire is not spoken yet. */
  readonly keysNotYetUsed: readonly string[];
  readonly world: SimulatedWorld | null;
};

export type SetupOptions = {
  /** Named by the caller; `undefined` = pointsman.yaml if it is there. */
  readonly file: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Start the simulated providers; without, their offerings are composed all the same. */
  readonly startWorld: boolean;
};

const parse = (file: string, text: string, env: NodeJS.ProcessEnv, defaultState = "memory:") => {
  const loaded = loadConfig({ file, text, env, defaultState });
  if (!loaded.ok) {
    const faults = loaded.faults.map(formatFault).join("\n");
    const n = loaded.faults.length;
    throw new CliError(`${faults}\n${n} ${n === 1 ? "fault" : "faults"} in ${file}.`, 2);
  }
  return loaded.config;
};

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot read the configuration: ${why}`, 2);
  }
};

const byProvider = (offerings: readonly Offering[]): ReadonlyMap<string, readonly Offering[]> => {
  const groups = new Map<string, Offering[]>();
  for (const offering of offerings) {
    const group = groups.get(offering.provider) ?? [];
    group.push(offering);
    groups.set(offering.provider, group);
  }
  return groups;
};

/** A price of the first period, as the configuration writes it: USD per million tokens. */
const priceEntry = ({ price }: Offering): Record<string, unknown> | null => {
  if (price === null) return null;
  const [{ rates, tiers }] = price.periods;
  const usd = (pico: number | null): number | null => (pico === null ? null : pico / 1_000_000);
  const entry = (r: typeof rates): Record<string, number | null> => ({
    input: usd(r.inputPicoUsd),
    output: usd(r.outputPicoUsd),
    cacheRead: usd(r.cacheReadPicoUsd),
  });
  return {
    ...entry(rates),
    tiers: tiers.map((tier) => ({ above: tier.abovePromptTokens, ...entry(tier.rates) })),
  };
};

/** An invented provider speaks OpenAI's chat wire, as most do. */
const kindOf = (id: string, catalog: Catalog) =>
  catalog.providers.get(id)?.kind ?? "openai-compatible";

const simulatedConfigText = (
  offerings: readonly Offering[],
  catalog: Catalog,
  world: SimulatedWorld | null,
): string => {
  const places = new Map(world?.providers.map((place) => [place.id, place]));
  const providers = [...byProvider(offerings)].map(([id, list]) => {
    const place = places.get(id);
    const models = list.map((offering) => [
      offering.model,
      catalog.providers.has(id)
        ? {}
        : {
            id: offering.providerModelId,
            price: priceEntry(offering),
            contextWindow: offering.contextWindow,
            maxOutputTokens: offering.maxOutputTokens,
            capabilities: offering.capabilities,
          },
    ]);
    const kind = kindOf(id, catalog);
    return [
      id,
      {
        kind,
        ...(kind === "openai-compatible" ? { preset: "openai" } : {}),
        baseUrl: place?.baseUrl ?? "http://127.0.0.1:1/v1",
        apiKey: place?.apiKey ?? "simulated",
        models: Object.fromEntries(models),
      },
    ];
  });
  // Nothing is learned here that is worth a dearer try.
  return stringify({ exploration: 0, providers: Object.fromEntries(providers) });
};

/** The configuration of a file, else of the keys in the environment, else of a simulated world. */
export const resolveSetup = async (options: SetupOptions): Promise<Setup> => {
  const { env } = options;
  const catalog = loadCatalog();
  const found = environmentProviders(env, catalog);
  const none = { file: null, keysNotYetUsed: [], world: null };

  const file = options.file ?? (existsSync(defaultFile) ? defaultFile : undefined);
  if (file !== undefined) {
    const config = parse(file, read(file), env, fileState);
    return { ...none, config, catalog, source: "file", file };
  }
  const keysNotYetUsed = found.notYet.map(({ variable }) => variable);
  if (found.usable.length > 0) {
    const providers = found.usable.map(({ id, kind, variable }) => [
      id,
      { kind, apiKey: `\${${variable}}` },
    ]);
    const text = stringify({ providers: Object.fromEntries(providers) });
    const config = parse("the environment", text, env);
    return { ...none, config, catalog, source: "environment", keysNotYetUsed };
  }
  const offerings = simulatedOfferings(catalog);
  const world = options.startWorld
    ? await startSimulatedWorld({
        providers: [...byProvider(offerings)].map(([id, list]) => {
          const kind = kindOf(id, catalog);
          const vendor = kind === "openai-compatible" ? "openai" : kind;
          return { id, vendor, offerings: list };
        }),
      })
    : null;
  const text = simulatedConfigText(offerings, catalog, world);
  const config = parse("the simulated world", text, {});
  return { ...none, config, catalog, source: "simulated", keysNotYetUsed, world };
};
