import type { GatewayError } from "../errors/gateway-error.ts";
import type { JsonRecord } from "../json/read.ts";
import { isRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";

/** Stripped at any depth, whatever their case: no secret travels in a block (docs/contract.md §9, 1). */
const secrets: ReadonlySet<string> = new Set([
  "api_key",
  "apikey",
  "api-key",
  "authorization",
  "auth",
  "bearer",
  "token",
  "access_token",
  "accesstoken",
  "secret",
  "secret_key",
  "secretkey",
  "credential",
  "credentials",
  "password",
  "x-api-key",
  "x-auth-token",
  "anthropic-api-key",
  "openai-api-key",
  "google-api-key",
]);

const normalised = (key: string): string => key.toLowerCase().replaceAll("_", "");

const normalisedSet = (keys: readonly string[]): ReadonlySet<string> =>
  new Set(keys.map(normalised));

/** Stripped at a block's top: what the gateway sets itself (§9, 2), and controls of reasoning. */
const owned = normalisedSet([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "n",
  "tools",
  "tool_choice",
  "response_format",
  "parallel_tool_calls",
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "seed",
  "stop",
  "user",
  "inference_geo",
  "contents",
  "system_instruction",
  "system",
  "input",
  "url",
  "base_url",
  "headers",
  "reasoning",
  "reasoning_effort",
  "thinking",
  "thinking_config",
  "thinking_budget",
  "enable_thinking",
]);

/** Refused: they change the bill or where the data goes (§9, 3). */
const refused = normalisedSet(["service_tier", "speed", "priority", "region", "location"]);

/** A field of a block that changes the bill or where the data goes; `null` = there is none. */
export const extensionFault = (extensions: JsonRecord): GatewayError | null => {
  for (const [provider, block] of Object.entries(extensions)) {
    if (!isRecord(block)) continue;
    const field = Object.keys(block).find((key) => refused.has(normalised(key)));
    if (field === undefined) continue;
    return {
      code: "invalid_parameter_value",
      param: `extensions.${provider}.${field}`,
      message: `'${field}' cannot be set in extensions: it changes what is billed or where data goes.`,
    };
  }
  return null;
};

const blocked = (path: string): Loss => ({
  type: "blocked_field",
  code: "blocked_field",
  message: `'${path}' is not forwarded and was removed.`,
});

/** Bodies may be nested without end; blocks need not be. */
const MOST_DEPTH = 20;

const withoutSecrets = (value: unknown, path: string, losses: Loss[], depth: number): unknown => {
  if (depth > MOST_DEPTH) return null;
  if (Array.isArray(value)) {
    return value.map((entry, at) => withoutSecrets(entry, `${path}[${at}]`, losses, depth + 1));
  }
  if (!isRecord(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const place = `${path}.${key}`;
    if (secrets.has(key.toLowerCase())) losses.push(blocked(place));
    else kept.push([key, withoutSecrets(entry, place, losses, depth + 1)]);
  }
  return Object.fromEntries(kept);
};

/** What of a caller's blocks a provider gets. */
export type ExtensionFields = { readonly fields: JsonRecord; readonly losses: readonly Loss[] };

/**
 * The block meant for the chosen provider, cleaned; blocks of others are ignored, each with a loss.
 * @param names what the provider is called in blocks, its own name first
 */
export const extensionsFor = (
  extensions: JsonRecord,
  names: readonly string[],
): ExtensionFields => {
  const losses: Loss[] = [];
  const fields: Record<string, unknown> = {};
  for (const [name, block] of Object.entries(extensions)) {
    if (!names.includes(name)) {
      losses.push({
        type: "ignored_extension",
        code: "ignored_extension",
        message: `'extensions.${name}' is for another provider and was ignored.`,
      });
      continue;
    }
    for (const [key, value] of Object.entries(isRecord(block) ? block : {})) {
      const path = `extensions.${name}.${key}`;
      if (owned.has(normalised(key)) || secrets.has(key.toLowerCase())) losses.push(blocked(path));
      else fields[key] = withoutSecrets(value, path, losses, 0);
    }
  }
  return { fields, losses };
};

/** `body` over `fields`: objects in both are merged, in everything else the body wins. */
export const mergeUnder = (fields: JsonRecord, body: JsonRecord): JsonRecord => {
  const merged: Record<string, unknown> = { ...body };
  for (const [key, value] of Object.entries(fields)) {
    const own = merged[key];
    if (own === undefined) merged[key] = value;
    else if (isRecord(own) && isRecord(value)) merged[key] = mergeUnder(value, own);
  }
  return merged;
};
