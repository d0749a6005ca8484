import type { OutcomeKind } from "@pointsman/core";
import type { ProviderErrorInfo } from "@pointsman/translate";

/** What a vendor's own codes mean, beyond the words all vendors share. */
export type VendorCodes = Readonly<Record<string, OutcomeKind>>;

/** `error.code` and `error.type` words, lower case, of all vendors. */
const words: Readonly<Record<string, OutcomeKind>> = {
  context_length_exceeded: "context_length",
  model_context_window_exceeded: "context_length",
  unsupported_parameter: "unsupported_parameter",
  unsupported_value: "unsupported_parameter",
  unknown_parameter: "unsupported_parameter",
  // pydantic's word for a field that the vendor's schema does not have
  extra_forbidden: "unsupported_parameter",
  content_policy_violation: "content_filtered",
  content_filter: "content_filtered",
  content_filtered: "content_filtered",
  responsibleaipolicyviolation: "content_filtered",
  data_inspection_failed: "content_filtered",
  datainspectionfailed: "content_filtered",
  // a 429 that waiting does not cure
  insufficient_quota: "auth_error",
  exceeded_current_quota_error: "auth_error",
  billing_hard_limit_reached: "auth_error",
  billing_not_active: "auth_error",
  arrearage: "auth_error",
  invalid_api_key: "auth_error",
  api_key_invalid: "auth_error",
  authentication_error: "auth_error",
  permission_error: "auth_error",
  billing_error: "auth_error",
  model_not_found: "model_unavailable",
  invalid_model: "model_unavailable",
  deploymentnotfound: "model_unavailable",
  rate_limit_exceeded: "rate_limited",
  rate_limit_error: "rate_limited",
  resource_exhausted: "rate_limited",
  overloaded_error: "overloaded",
  engine_overloaded_error: "overloaded",
  service_unavailable: "overloaded",
  insufficient_system_resource: "overloaded",
  unavailable: "overloaded",
  timeout_error: "server_error",
  server_error: "server_error",
  api_error: "server_error",
  internal_server_error: "server_error",
};

/** What vendors say where they have no code for it; read only under 400, 403, 413 and 422. */
const sayings: readonly (readonly [RegExp, OutcomeKind])[] = [
  [
    /maximum context length|context (?:window|length|limit)|prompt is too long|range of input length|input token count .{0,40}exceeds|reduce the length of the messages/i,
    "context_length",
  ],
  [
    /unsupported (?:parameter|value)|unknown parameter|unrecognized request argument|argument not supported|extra inputs are not permitted|(?:parameter|property) ['"`]?[\w.]{1,64}['"`]? is (?:not supported|unsupported)/i,
    "unsupported_parameter",
  ],
  // Something this model cannot take, by whatever name: another may.
  [
    /not supported (?:by|with|for|on) (?:this|the) model|model does not support|only supported by certain models/i,
    "unsupported_parameter",
  ],
  [
    /usage (?:guidelines|policies)|content (?:management )?policy|content[ _]filter|safety system|inappropriate content|considered high risk/i,
    "content_filtered",
  ],
  [
    /(?:incorrect|invalid) api key|api key (?:not valid|is invalid)|credit balance is too low|insufficient balance/i,
    "auth_error",
  ],
  [/model.{0,120}(?:not exist|not found)|invalid model\b|no such model/i, "model_unavailable"],
];

const byWords = (info: ProviderErrorInfo, vendor: VendorCodes): OutcomeKind | null => {
  for (const word of [info.code, info.type]) {
    if (word === null) continue;
    const known =
      (Object.hasOwn(vendor, word) ? vendor[word] : undefined) ?? words[word.toLowerCase()];
    if (known !== undefined) return known;
  }
  return null;
};

const bySaying = (message: string): OutcomeKind | null =>
  sayings.find(([pattern]) => pattern.test(message))?.[1] ?? null;

const byStatus = (status: number): OutcomeKind => {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return "bad_request";
    case 401:
    case 402:
    case 403:
      return "auth_error";
    case 404:
    case 410:
      return "model_unavailable";
    case 408:
    case 409:
      return "server_error";
    case 429:
      return "rate_limited";
    case 503:
    case 529:
      return "overloaded";
    default:
      // Redirects and odd refusals (405, 415, …) speak of a wrong address, not of the caller.
      return status >= 500 ? "server_error" : "bad_response";
  }
};

const refusalStatuses: ReadonlySet<number> = new Set([400, 403, 413, 422]);

/** Outcomes that only a refusal of this very request may have, whatever words a 5xx carries. */
const requestOutcomes: ReadonlySet<OutcomeKind> = new Set([
  "context_length",
  "unsupported_parameter",
  "content_filtered",
  "bad_request",
]);

/** The outcome of an answer with an error status. */
export const outcomeOfStatus = (
  status: number,
  info: ProviderErrorInfo | null,
  vendor: VendorCodes = {},
): OutcomeKind => {
  const plain = byStatus(status);
  if (info === null) return plain;
  const said = byWords(info, vendor);
  // Groq's 413: the request is over the minute's tokens, so waiting cannot help, a larger window can.
  if (status === 413 && said === "rate_limited") return "context_length";
  if (refusalStatuses.has(status)) {
    const usable = said === "server_error" ? null : said;
    return usable ?? bySaying(info.message) ?? plain;
  }
  if (status === 429) return said === "auth_error" || said === "overloaded" ? said : plain;
  if (status >= 500) return said === null || requestOutcomes.has(said) ? plain : said;
  if (status === 401 || status === 402) return plain;
  // A 404 that names another field is about what the caller sent, not about the model.
  const isAboutModel = info.param === null || info.param === "model";
  return said ?? (status === 404 && !isAboutModel ? "bad_request" : plain);
};

/** The outcome of an error told within an answer under 200: a server error unless its code says otherwise. */
export const outcomeOfTold = (info: ProviderErrorInfo, vendor: VendorCodes = {}): OutcomeKind => {
  const said = byWords(info, vendor);
  if (said !== null) return said;
  const status = /^[45]\d\d$/.test(info.code ?? "") ? Number(info.code) : null;
  return status === null
    ? "server_error"
    : outcomeOfStatus(status, { ...info, code: null }, vendor);
};

const quotedName = /['"`]([A-Za-z_][\w.]{0,63})['"`]/;
const namedArgument = /(?:supplied|model|argument|parameter)s?:\s{0,4}([A-Za-z_][\w.]{0,63})/i;

/** The parameter that a refusal names, from `param` or else from its words; `null` if none. */
export const refusedParameter = (info: ProviderErrorInfo): string | null =>
  info.param ?? quotedName.exec(info.message)?.[1] ?? namedArgument.exec(info.message)?.[1] ?? null;
