import { createAccountHeaders, userAgent } from "@pointsman/provider";
import type { AccountHeaders, EncodedCall, HttpRequest, ProviderCall } from "@pointsman/provider";
import {
  encodeMessagesRequest,
  encodePassthroughMessagesRequest,
  extensionsFor,
  hasCacheMarks,
  mergeUnder,
  unsupportedParameter,
} from "@pointsman/translate";
import { dialectOf } from "./families.ts";

const encoder = new TextEncoder();

/** https://docs.anthropic.com/en/api/versioning */
const version = "2023-06-01";

/** https://docs.anthropic.com/en/docs/build-with-claude/fast-mode */
const fastModeBeta = "fast-mode-2026-02-01";

/** Headers of an account. */
export const headersOf: AccountHeaders = createAccountHeaders((apiKey) => ({
  "content-type": "application/json",
  "user-agent": userAgent,
  "x-api-key": apiKey,
  "anthropic-version": version,
}));

const betasOf = ({ request, offering }: ProviderCall): string => {
  const tier = offering.tier === "standard" ? [] : [fastModeBeta];
  return [...new Set([...(request.betas ?? []), ...tier])].join(",");
};

type Body = Omit<EncodedCall, "request"> & { readonly body: Uint8Array };

const encodeBody = (call: ProviderCall): Body => {
  const { request, offering, stream, maxOutputTokens } = call;
  const { providerModelId: model, unsupportedParameters, tier } = offering;
  const fast = tier === "standard" ? {} : { speed: "fast" };
  const marks = call.caching?.marks ?? [];
  // Marks are set within the messages, which a pass-through copies byte for byte.
  const passes = marks.length === 0 || hasCacheMarks(request.neutral());
  if (request.surface === "messages" && request.canPassThrough && passes) {
    const byteText = encodePassthroughMessagesRequest(request, {
      model,
      stream,
      maxOutputTokens,
      dropFields: unsupportedParameters,
      setFields: tier === "standard" ? {} : { speed: '"fast"' },
    });
    const losses = request.fields
      .filter((field) => unsupportedParameters.includes(field))
      .map(unsupportedParameter);
    return { passthrough: true, losses, body: Buffer.from(byteText, "latin1") };
  }
  const { body, losses } = encodeMessagesRequest(request.neutral(), {
    model,
    stream,
    dialect: dialectOf(model, offering.maxOutputTokens),
    maxOutputTokens,
    unsupportedParameters,
    cacheMarks: marks,
  });
  const block = extensionsFor(request.neutral().extensions, [offering.provider, "anthropic"]);
  const json = JSON.stringify(mergeUnder(block.fields, { ...body, ...fast }));
  return {
    passthrough: false,
    losses: [...losses, ...block.losses],
    body: encoder.encode(json),
  };
};

type Headers = Readonly<Record<string, string>>;

const withBetas = (headers: Headers, betas: string): Headers =>
  betas === "" ? headers : { ...headers, "anthropic-beta": betas };

const request = (
  call: Pick<ProviderCall, "credential" | "stream">,
  path: string,
  body: Uint8Array,
  betas: string,
): HttpRequest => ({
  method: "POST",
  path,
  body,
  headers: withBetas(headersOf(call.credential.apiKey, call.stream), betas),
});

/** Encodes a call for /messages. No header of the caller is forwarded but `anthropic-beta`. */
export const encodeCall = (call: ProviderCall): EncodedCall => {
  const { body, ...rest } = encodeBody(call);
  return { ...rest, request: request(call, "/messages", body, betasOf(call)) };
};

/** What counting does not take: it makes no answer. */
const answerFields = [
  "max_tokens",
  "stream",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "metadata",
];

/** Encodes a question for /messages/count_tokens. */
export const encodeCount = (call: ProviderCall): HttpRequest => {
  const { model, ...body } = encodeMessagesRequest(call.request.neutral(), {
    model: call.offering.providerModelId,
    stream: false,
    dialect: dialectOf(call.offering.providerModelId, call.offering.maxOutputTokens),
    maxOutputTokens: null,
  }).body;
  const kept = Object.entries(body).filter(([field]) => !answerFields.includes(field));
  const json = JSON.stringify({ model, ...Object.fromEntries(kept) });
  return request(call, "/messages/count_tokens", encoder.encode(json), betasOf(call));
};
