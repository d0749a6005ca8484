import type { StrategyName } from "@pointsman/core";

const suffixes: ReadonlyMap<string, StrategyName> = new Map<string, StrategyName>([
  ["cost", "cost"],
  ["cost-focus", "cost-focus"],
  ["ttft", "ttft"],
  ["ttft-focus", "ttft-focus"],
  ["tps", "tps"],
  ["tps-focus", "tps-focus"],
  ["balanced", "balanced"],
  ["floor", "cost-focus"],
  ["nitro", "tps-focus"],
  ["fast", "ttft-focus"],
]);

export type ParseModelNameOptions = {
  /** Whether the catalogue knows this canonical id or alias in full; such names are never split. */
  readonly isKnown: (name: string) => boolean;
  readonly isProvider: (name: string) => boolean;
};

export type ModelName = {
  readonly model: string;
  readonly strategy?: StrategyName;
  /** From `provider/model`: an allow-list of one. */
  readonly provider?: string;
};

const splitProvider = (name: string, options: ParseModelNameOptions): ModelName => {
  if (options.isKnown(name)) return { model: name };
  const slash = name.indexOf("/");
  const provider = name.slice(0, Math.max(0, slash));
  const model = name.slice(slash + 1);
  if (slash === -1 || model === "" || !options.isProvider(provider)) return { model: name };
  return { model, provider };
};

/**
 * A model name with its strategy suffix and provider prefix taken off (docs/contract.md §5). A suffix
 * is read only where the name has exactly one colon; unknown ones belong to the id.
 */
export const parseModelName = (name: string, options: ParseModelNameOptions): ModelName => {
  if (options.isKnown(name)) return { model: name };
  const colon = name.indexOf(":");
  const strategy =
    colon > 0 && colon === name.lastIndexOf(":") ? suffixes.get(name.slice(colon + 1)) : undefined;
  if (strategy === undefined) return splitProvider(name, options);
  return { ...splitProvider(name.slice(0, colon), options), strategy };
};
