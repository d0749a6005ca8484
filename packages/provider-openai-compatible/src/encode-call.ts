import {
  conversationParts,
  createAccountHeaders,
  toJsonFields,
  userAgent,
} from "@pointsman/provider";
import type { AccountHeaders, EncodedCall, ProviderCall } from "@pointsman/provider";
import {
  encodeChatRequest,
  encodePassthroughChatRequest,
  extensionsFor,
  mergeUnder,
} from "@pointsman/translate";
import type { Loss } from "@pointsman/translate";
import { dialectOf } from "./preset.ts";
import type { OpenAiCompatiblePreset } from "./preset.ts";

const encoder = new TextEncoder();

const dropped = (field: string): Loss => ({
  type: "unsupported_parameter",
  code: "unsupported_parameter",
  message: `The provider does not take '${field}'; it was left out.`,
});

const authHeaders = (apiKey: string, preset: OpenAiCompatiblePreset): Record<string, string> => {
  // Servers of one's own often want no key.
  if (apiKey === "") return {};
  const { header, scheme } = preset.auth;
  return { [header]: scheme === null ? apiKey : `${scheme} ${apiKey}` };
};

/** A premium offering is only what it costs if its tier is asked for. */
const tierFields = (tier: string, preset: OpenAiCompatiblePreset): Record<string, string> | null =>
  tier === "standard" || preset.tierField === null ? null : { [preset.tierField]: tier };

type Body = {
  readonly passthrough: boolean;
  readonly body: Uint8Array;
  readonly losses: readonly Loss[];
  readonly headers: Readonly<Record<string, string>>;
};

const encodeBody = (call: ProviderCall, preset: OpenAiCompatiblePreset): Body => {
  const { request, offering, stream, maxOutputTokens } = call;
  const model = offering.providerModelId;
  const tier = tierFields(offering.tier, preset);
  if (preset.canonical && request.surface === "chat_completions" && request.canPassThrough) {
    const { maxTokensField, unsupportedParameters } = preset.dialect;
    const unsupported =
      offering.unsupportedParameters.length === 0
        ? unsupportedParameters
        : [...unsupportedParameters, ...offering.unsupportedParameters];
    const { fields, headers } = conversationParts(call, preset.conversation, request.fields);
    const byteText = encodePassthroughChatRequest(request, {
      model,
      stream,
      maxOutputTokens,
      maxTokensField,
      dropFields: unsupported,
      setFields: toJsonFields({ ...tier, ...fields }),
    });
    const losses = request.fields.filter((field) => unsupported.includes(field)).map(dropped);
    return { passthrough: true, body: Buffer.from(byteText, "latin1"), losses, headers };
  }
  const { body, losses } = encodeChatRequest(request.neutral(), {
    model,
    stream,
    dialect: dialectOf(preset, model),
    maxOutputTokens,
    unsupportedParameters: offering.unsupportedParameters,
  });
  const { extensions } = request.neutral();
  const block = extensionsFor(extensions, [offering.provider, preset.id]);
  const { fields, headers } = conversationParts(call, preset.conversation, Object.keys(body));
  const whole = mergeUnder(block.fields, { ...body, ...tier, ...fields });
  return {
    passthrough: false,
    body: encoder.encode(JSON.stringify(whole)),
    losses: [...losses, ...block.losses],
    headers,
  };
};

/** Headers of an account of one provider. */
export const createHeadersOf = (preset: OpenAiCompatiblePreset): AccountHeaders =>
  createAccountHeaders((apiKey) => ({
    "content-type": "application/json",
    "user-agent": userAgent,
    ...authHeaders(apiKey, preset),
  }));

/** Encodes calls of one provider for `/chat/completions`. No header of the caller is ever forwarded. */
export const createCallEncoder =
  (
    preset: OpenAiCompatiblePreset,
    headersOf: AccountHeaders,
  ): ((call: ProviderCall) => EncodedCall) =>
  (call) => {
    const { passthrough, body, losses, headers } = encodeBody(call, preset);
    const own = headersOf(call.credential.apiKey, call.stream);
    return {
      passthrough,
      losses,
      choices: call.request.outline.choices,
      request: {
        method: "POST",
        path: "/chat/completions",
        body,
        headers: Object.keys(headers).length === 0 ? own : { ...own, ...headers },
      },
    };
  };
