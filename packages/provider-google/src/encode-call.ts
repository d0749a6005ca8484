import { createAccountHeaders, userAgent } from "@pointsman/provider";
import type { AccountHeaders, EncodedCall, ProviderCall } from "@pointsman/provider";
import { encodeGeminiRequest, extensionsFor, mergeUnder } from "@pointsman/translate";
import { dialectOf } from "./families.ts";

const encoder = new TextEncoder();

// The key goes in a header, never in the URL, where it would be logged.
/** Headers of an account. */
export const headersOf: AccountHeaders = createAccountHeaders((apiKey) => ({
  "content-type": "application/json",
  "user-agent": userAgent,
  "x-goog-api-key": apiKey,
}));

const pathOf = (model: string, stream: boolean): string => {
  // Tuned models bring their own collection.
  const name = model.includes("/") ? model : `models/${model}`;
  const path = `/${name.split("/").map(encodeURIComponent).join("/")}`;
  return stream ? `${path}:streamGenerateContent?alt=sse` : `${path}:generateContent`;
};

/** Encodes a call for generateContent. No header of the caller is ever forwarded. */
export const encodeCall = (call: ProviderCall): EncodedCall => {
  const { request, offering, credential, stream, maxOutputTokens } = call;
  const { body, losses } = encodeGeminiRequest(request.neutral(), {
    dialect: dialectOf(offering.providerModelId),
    maxOutputTokens,
    unsupportedParameters: offering.unsupportedParameters,
  });
  const block = extensionsFor(request.neutral().extensions, [offering.provider, "google"]);
  return {
    passthrough: false,
    losses: [...losses, ...block.losses],
    request: {
      method: "POST",
      path: pathOf(offering.providerModelId, stream),
      body: encoder.encode(JSON.stringify(mergeUnder(block.fields, body))),
      headers: headersOf(credential.apiKey, stream),
    },
  };
};
