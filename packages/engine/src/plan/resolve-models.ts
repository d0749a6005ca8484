import type { StrategyName } from "@pointsman/core";
import { parseModelName } from "@pointsman/translate";
import type { GatewayError, Loss } from "@pointsman/translate";
import type { ModelDirectory } from "./model-directory.ts";

/** What the names of a request come to. */
export type ResolvedModels = {
  /** Canonical ids in the caller's order, no duplicates. */
  readonly models: readonly [string, ...string[]];
  /** Strategy of a suffix. */
  readonly strategy?: StrategyName;
  /** Provider of a `provider/model` name. */
  readonly provider?: string;
  readonly losses: readonly Loss[];
};

const notFound = (
  names: readonly string[],
  param: "model" | "gateway.models",
  directory: ModelDirectory,
): GatewayError => {
  const nearest = [...new Set(names.flatMap((name) => directory.suggest(name)))].slice(0, 3);
  return {
    code: "model_not_found",
    message:
      names.length === 1
        ? `The model '${names[0]}' does not exist.`
        : `None of these models exists: ${names.join(", ")}.`,
    param,
    ...(nearest.length === 0 ? {} : { suggestion: `Did you mean ${nearest.join(", ")}?` }),
  };
};

/** Names (with suffixes, aliases, `provider/model`) to canonical ids (docs/contract.md §5). */
export const resolveModels = (
  names: readonly string[],
  param: "model" | "gateway.models",
  directory: ModelDirectory,
): { ok: true; value: ResolvedModels } | { ok: false; error: GatewayError } => {
  // One plain name, the usual case, needs no taking apart.
  const known = names.length === 1 ? directory.resolve(names[0] ?? "") : null;
  if (known !== null) return { ok: true, value: { models: [known], losses: [] } };
  const found: string[] = [];
  const losses: Loss[] = [];
  const strategies = new Set<StrategyName>();
  const providers = new Set<string | undefined>();
  for (const name of names) {
    const parsed = parseModelName(name, {
      isKnown: (id) => directory.resolve(id) !== null,
      isProvider: (id) => directory.isProvider(id),
    });
    const model = directory.resolve(parsed.model);
    if (model === null) {
      losses.push({
        type: "unsupported_field",
        code: "model_skipped",
        message: `The model '${name}' does not exist; it was skipped.`,
      });
      continue;
    }
    if (parsed.strategy !== undefined) strategies.add(parsed.strategy);
    providers.add(parsed.provider);
    if (!found.includes(model)) found.push(model);
  }
  const [first, ...rest] = found;
  if (first === undefined) return { ok: false, error: notFound(names, param, directory) };
  const [strategy, otherStrategy] = [...strategies];
  if (otherStrategy !== undefined) {
    return {
      ok: false,
      error: {
        code: "invalid_parameter_value",
        message: `The suffixes of ${param} ask for different strategies: ${[...strategies].join(", ")}.`,
        param: "gateway.routing.optimize",
      },
    };
  }
  const [provider, otherProvider] = [...providers];
  return {
    ok: true,
    value: {
      models: [first, ...rest],
      ...(strategy === undefined ? {} : { strategy }),
      // Names that point at different providers cannot be one allow-list.
      ...(provider === undefined || otherProvider !== undefined ? {} : { provider }),
      losses,
    },
  };
};
