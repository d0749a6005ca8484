import {
  conversationParts,
  createAccountHeaders,
  retainingModels,
  toJsonFields,
  userAgent,
} from "@pointsman/provider";
import type { AccountHeaders, EncodedCall, ProviderCall } from "@pointsman/provider";
import {
  encodePassthroughResponsesRequest,
  encodeResponsesRequest,
  extensionsFor,
  mergeUnder,
} from "@pointsman/translate";
import type { Loss } from "@pointsman/translate";
import { dialectOf } from "./families.ts";

const encoder = new TextEncoder();

/** Headers of an account. */
export const headersOf: AccountHeaders = createAccountHeaders((apiKey) => ({
  "content-type": "application/json",
  "user-agent": userAgent,
  ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
}));

const dropped = (field: string): Loss => ({
  type: "unsupported_parameter",
  code: "unsupported_parameter",
  message: `'${field}' is not supported by this model at this provider and was ignored.`,
});

const hint = { kind: "prompt_cache_key", retains: retainingModels } as const;

type Body = Omit<EncodedCall, "request"> & { readonly body: Uint8Array };

const encodeBody = (call: ProviderCall): Body => {
  const { request, offering, stream, maxOutputTokens } = call;
  const model = offering.providerModelId;
  const dialect = dialectOf(model);
  // A premium offering is only what it costs if its tier is asked for.
  const tier = offering.tier === "standard" ? {} : { service_tier: offering.tier };
  if (request.surface === "responses" && request.canPassThrough) {
    const refused = [...dialect.unsupportedParameters, ...offering.unsupportedParameters];
    const byteText = encodePassthroughResponsesRequest(request, {
      model,
      maxOutputTokens,
      dropFields: refused,
      setFields: toJsonFields({ ...tier, ...conversationParts(call, hint, request.fields).fields }),
    });
    const losses = request.fields.filter((field) => refused.includes(field)).map(dropped);
    return { passthrough: true, losses, body: Buffer.from(byteText, "latin1") };
  }
  const { body, losses } = encodeResponsesRequest(request.neutral(), {
    model,
    stream,
    dialect,
    maxOutputTokens,
    unsupportedParameters: offering.unsupportedParameters,
  });
  const block = extensionsFor(request.neutral().extensions, [offering.provider, "openai"]);
  const { fields } = conversationParts(call, hint, Object.keys(body));
  const whole = mergeUnder(block.fields, { ...body, ...tier, ...fields });
  return {
    passthrough: false,
    losses: [...losses, ...block.losses],
    body: encoder.encode(JSON.stringify(whole)),
  };
};

/** Encodes a call for /responses. No header of the caller is ever forwarded. */
export const encodeCall = (call: ProviderCall): EncodedCall => {
  const { body, ...rest } = encodeBody(call);
  return {
    ...rest,
    request: {
      method: "POST",
      path: "/responses",
      body,
      headers: headersOf(call.credential.apiKey, call.stream),
    },
  };
};
