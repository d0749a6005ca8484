import { defaultConduct } from "../run/conduct.ts";
import type { RunConduct } from "../run/conduct.ts";
import type {
  Capability,
  Constraints,
  Credential,
  RoutingRequest,
  StrategyName,
  StrategyWeights,
} from "@pointsman/core";
import { keyedPrefix } from "@pointsman/translate";
import type { CallerRequest, GatewayError, Loss, RoutingOptions } from "@pointsman/translate";
import { mergeRouting } from "./merge-routing.ts";
import { visibleTo } from "./model-directory.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { resolveModels } from "./resolve-models.ts";

/** What a workspace brings to each of its requests. */
export type WorkspacePlan = {
  readonly id: string;
  /** Defaults for absent routing fields. */
  readonly routing: RoutingOptions;
  readonly slo: { readonly ttftMs: number; readonly ttftMsPer1kIn: number };
  readonly valueOfTimeUsdPerSecond: number | null;
  /** @default `defaultConduct` */
  readonly conduct?: RunConduct;
};

/** A plan: what core is to decide, and the limits of time. */
export type RequestPlan = {
  readonly routing: RoutingRequest;
  readonly timeoutMs: number | null;
  readonly deadlineMs: number | null;
  readonly conduct: RunConduct;
  /** Request and workspace taken together. */
  readonly options: RoutingOptions;
  /** The strategy that a model's suffix names, if one does. */
  readonly suffix: StrategyName | null;
  readonly losses: readonly Loss[];
};

/** What planning looks at. */
export type PlanOptions = {
  readonly caller: CallerRequest;
  readonly workspace: WorkspacePlan;
  readonly directory: ModelDirectory;
  readonly credentials: readonly Credential[];
  /** What the caller's key may use. @default everything */
  readonly allowed?: KeyLimits;
};

/** Lists a key is held to; empty = all. */
export type KeyLimits = {
  /** Canonical ids; other models do not exist for the key. */
  readonly models: readonly string[];
  readonly providers: readonly string[];
};

/** Further attempts after the first, where nobody says otherwise. */
const defaultFallbackAttempts = 3;

const strategyOf = (
  suffix: StrategyName | undefined,
  asked: RoutingOptions | undefined,
  merged: RoutingOptions,
): { ok: true; strategy: StrategyName | StrategyWeights } | { ok: false; error: GatewayError } => {
  if (suffix === undefined) {
    return { ok: true, strategy: merged.weights ?? merged.optimize ?? "cost-focus" };
  }
  const clash =
    asked?.weights !== undefined || (asked?.optimize !== undefined && asked.optimize !== suffix);
  if (clash) {
    return {
      ok: false,
      error: {
        code: "invalid_parameter_value",
        message: `The model's suffix asks for ${suffix}, gateway.routing for something else.`,
        param: "gateway.routing.optimize",
      },
    };
  }
  return { ok: true, strategy: suffix };
};

const noLosses: readonly Loss[] = [];

const unknownProviders = (options: RoutingOptions, directory: ModelDirectory): readonly Loss[] => {
  const { providers, exclude_providers: excluded, prefer } = options;
  if (providers === undefined && excluded === undefined && prefer === undefined) return noLosses;
  const named = [
    ...(options.providers ?? []),
    ...(options.exclude_providers ?? []),
    ...(options.prefer === undefined ? [] : [options.prefer]),
  ];
  return [...new Set(named)]
    .filter((id) => !directory.isProvider(id))
    .map((id) => ({
      type: "unknown_provider",
      code: "unknown_provider",
      message: `No provider is called '${id}'; the name was ignored.`,
    }));
};

/** What all lists admit; `undefined` = nobody set one. */
const intersection = (
  lists: readonly (readonly string[] | undefined)[],
): readonly string[] | undefined => {
  const set = lists.filter((list) => list !== undefined && list.length > 0);
  const [first, ...rest] = set;
  return first?.filter((id) => rest.every((list) => list?.includes(id)));
};

const constraintsOf = (
  options: RoutingOptions,
  provider: string | undefined,
  allowed: KeyLimits | undefined,
): Constraints => {
  const named = provider === undefined ? undefined : [provider];
  const providers = intersection([options.providers, named, allowed?.providers]);
  return {
    ...(options.max_cost_per_1m === undefined ? {} : { maxCostPer1m: options.max_cost_per_1m }),
    ...(options.max_ttft_ms === undefined ? {} : { maxTtftMs: options.max_ttft_ms }),
    ...(options.min_throughput_tps === undefined
      ? {}
      : { minThroughputTps: options.min_throughput_tps }),
    ...(providers === undefined ? {} : { providers }),
    ...(options.exclude_providers?.length ? { excludeProviders: options.exclude_providers } : {}),
    ...(options.data_policy === undefined ? {} : { dataPolicy: options.data_policy }),
    ...(options.only_byok === undefined ? {} : { onlyByok: options.only_byok }),
    ...(options.only_platform === undefined ? {} : { onlyPlatform: options.only_platform }),
    ...(options.require_parameters === undefined
      ? {}
      : { requireParameters: options.require_parameters }),
    ...(options.tier === undefined ? {} : { tier: options.tier }),
  };
};

// Requests without routing options of their own share their workspace's.
const workspaceConstraints = new WeakMap<RoutingOptions, Constraints>();

const constraintsOfWorkspace = (defaults: RoutingOptions): Constraints => {
  let made = workspaceConstraints.get(defaults);
  if (made === undefined) {
    made = constraintsOf(defaults, undefined, undefined);
    workspaceConstraints.set(defaults, made);
  }
  return made;
};

/** Neither the request nor its key adds anything to the workspace's constraints. */
const isPlain = ({ workspace, allowed }: PlanOptions, merged: RoutingOptions): boolean =>
  merged === workspace.routing && (allowed === undefined || allowed.providers.length === 0);

/** Kinds of answers whose lengths differ: core learns them apart. */
const answerKindOf = (capabilities: readonly Capability[]): "chat" | "json" | "tools" => {
  if (capabilities.includes("structured_output") || capabilities.includes("json_mode"))
    return "json";
  return capabilities.includes("tools") ? "tools" : "chat";
};

/** From a validated request to what core decides on. */
export const planRequest = (
  options: PlanOptions,
): { ok: true; plan: RequestPlan } | { ok: false; error: GatewayError } => {
  const { caller, workspace, directory } = options;
  const { outline, needs, prompt } = caller;
  const asked = outline.gateway?.routing;
  const pooled = outline.gateway?.models;
  const names = pooled ?? (outline.model === undefined ? [] : [outline.model]);
  const visible = visibleTo(directory, options.allowed);
  const resolved = resolveModels(names, pooled ? "gateway.models" : "model", visible);
  if (!resolved.ok) return resolved;

  const merged = mergeRouting(asked, workspace.routing);
  const chosen = strategyOf(resolved.value.strategy, asked, merged);
  if (!chosen.ok) return chosen;

  const cap = outline.maxOutputTokens;
  const attempts = merged.allow_fallbacks === false ? 0 : merged.max_fallback_attempts;
  const session = outline.promptCacheKey ?? outline.gateway?.metadata?.trace_id;
  return {
    ok: true,
    plan: {
      routing: {
        workspace: workspace.id,
        models: resolved.value.models,
        mode: merged.mode ?? "pool",
        needs: {
          endpoint: caller.surface,
          capabilities: needs.capabilities,
          parameters: needs.parameters,
          ...(needs.onlyWire === undefined ? {} : { onlyWire: needs.onlyWire }),
        },
        credentials: options.credentials,
        prompt,
        prefix: keyedPrefix(caller.chain, workspace.id),
        ...(session === undefined ? {} : { session }),
        ...(cap === undefined ? {} : { maxOutputTokens: cap }),
        outputHint: answerKindOf(needs.capabilities),
        ...(outline.reasoningEffort === undefined
          ? {}
          : { reasoningEffort: outline.reasoningEffort }),
        stream: outline.stream,
        strategy: chosen.strategy,
        ttftPercentile: merged.ttft_percentile ?? "p50",
        throughputPercentile: merged.throughput_percentile ?? "p50",
        constraints:
          isPlain(options, merged) && resolved.value.provider === undefined
            ? constraintsOfWorkspace(merged)
            : constraintsOf(merged, resolved.value.provider, options.allowed),
        ...(merged.prefer === undefined ? {} : { prefer: merged.prefer }),
        maxFallbackAttempts: attempts ?? defaultFallbackAttempts,
        slo: workspace.slo,
        ...(workspace.valueOfTimeUsdPerSecond === null
          ? {}
          : { valueOfTimeUsdPerSecond: workspace.valueOfTimeUsdPerSecond }),
      },
      timeoutMs: merged.timeout_ms ?? null,
      deadlineMs: merged.deadline_ms ?? null,
      conduct: workspace.conduct ?? defaultConduct,
      options: merged,
      suffix: resolved.value.strategy ?? null,
      losses: [...resolved.value.losses, ...unknownProviders(merged, directory)],
    },
  };
};
