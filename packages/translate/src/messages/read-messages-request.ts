import { askedEffort } from "../neutral/reasoning-budget.ts";
import type { RawBody } from "../bytes/raw-body.ts";
import { present } from "../json/present.ts";
import type { TopLevelSpans } from "../json/top-level-spans.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { measureRequest } from "../measure/measure-request.ts";
import { needsOf } from "../measure/request-needs.ts";
import type { ReadRequest } from "../request/caller-request.ts";
import { parseBody } from "../request/parse-body.ts";
import { decodeMessagesRequest } from "./decode-request.ts";
import { canPassMessages } from "./encode-passthrough-request.ts";
import type { MessagesPurpose } from "./parse-messages-request.ts";
import { parseMessagesRequest } from "./parse-messages-request.ts";

export type ReadMessagesOptions = {
  /** `anthropic-beta` of the caller, one name each. */
  readonly betas: readonly string[];
  readonly purpose: MessagesPurpose;
};

/** Bytes to a validated Messages request. */
export const readMessagesRequest = (body: RawBody, options: ReadMessagesOptions): ReadRequest => {
  const json = parseBody(body);
  if (!json.ok) return json;
  const parsed = parseMessagesRequest(json.value, options.purpose);
  if (!parsed.ok) return parsed;
  const { request, losses } = parsed;
  const neutral = decodeMessagesRequest(request);
  const { size, chain, opening } = measureRequest(neutral);
  let spans: TopLevelSpans | undefined;
  return {
    ok: true,
    losses,
    caller: {
      surface: "messages",
      body,
      outline: {
        ...present("model", request.model),
        ...present("gateway", request.gateway),
        stream: request.stream === true,
        ...present("maxOutputTokens", request.max_tokens),
        choices: 1,
        excludeReasoning: false,
        ...present("reasoningEffort", askedEffort(neutral)),
        legacyFunctions: false,
      },
      fields: Object.keys(request),
      prompt: size,
      chain,
      opening,
      needs: needsOf(neutral),
      canPassThrough: canPassMessages(neutral),
      betas: options.betas,
      spans: () => (spans ??= scanTopLevel(body.byteText)),
      neutral: () => neutral,
    },
  };
};
