import type { GatewayOptions } from "@pointsman/sdk";

/** What a model, or one call by `providerOptions.pointsman`, may say beyond what the AI SDK knows. */
export type PointsmanOptions = {
  /** Routing, metadata, models, explain (docs/contract.md §4). */
  readonly gateway?: GatewayOptions;
  /** Several models instead of one: short for `gateway.models`. */
  readonly models?: readonly string[];
  readonly reasoning_effort?: string;
  /** By provider; forwarded to the one that is chosen. */
  readonly extensions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Any other field of the wire's body. */
  readonly [field: string]: unknown;
};

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const merged = (a: unknown, b: unknown): unknown =>
  isFields(a) && isFields(b) ? { ...a, ...b } : (b ?? a);

/** Options of a call over those of its model; `gateway` and its routing are merged. */
const mergeOptions = (settings: PointsmanOptions, call: PointsmanOptions): PointsmanOptions => {
  const { gateway: ours } = settings;
  const { gateway: theirs } = call;
  if (ours === undefined || theirs === undefined) return { ...settings, ...call };
  const routing = merged(ours.routing, theirs.routing);
  return {
    ...settings,
    ...call,
    gateway: { ...ours, ...theirs, ...(isFields(routing) ? { routing } : {}) },
  };
};

/** The body's fields for a call; `model` gives way to several models. */
export const bodyFieldsOf = (
  settings: PointsmanOptions,
  call: unknown,
): { readonly fields: Fields; readonly severalModels: boolean } => {
  const { models, gateway, ...fields } = mergeOptions(settings, isFields(call) ? call : {});
  const several = models ?? gateway?.models;
  const options = several === undefined ? gateway : { ...gateway, models: [...several] };
  return {
    fields: { ...fields, ...(options === undefined ? {} : { gateway: options }) },
    severalModels: several !== undefined,
  };
};
