import type { Offering } from "@pointsman/core";
import type { Loss } from "@pointsman/translate";
import type { AdapterOptions, ProviderAdapter, ProviderCall } from "../adapter.ts";
import { createRedactor } from "../failure/redact.ts";
import { createHttpTransport } from "../http/transport.ts";
import type { HttpRequest, HttpTransport } from "../http/transport.ts";
import type { AccountHeaders } from "./account-headers.ts";
import type { AnswerWire } from "./answer-wire.ts";
import { checkKey } from "./check-key.ts";
import { startCall } from "./running-call.ts";

/** A call made ready to be sent. */
export type EncodedCall = {
  readonly request: HttpRequest;
  /** The answer's bytes may go out as they are. */
  readonly passthrough: boolean;
  readonly losses: readonly Loss[];
  /** Answers asked for. @default 1 */
  readonly choices?: number;
};

/** What makes an adapter that of one wire. */
export type WireSpec = {
  encode(call: ProviderCall): EncodedCall;
  /** How answers are read whose bytes pass through. */
  readonly raw: AnswerWire;
  /** How all others are read. */
  readonly decoded: AnswerWire;
  /** Headers of an account, by which a key can be checked. */
  readonly headersOf: AccountHeaders;
  /** Whether the provider fetches images that are named by URL. @default it does */
  readonly takesImageUrls?: (offering: Offering) => boolean;
  /** The provider's own count of a prompt. @default it has none */
  readonly countTokens?: (transport: HttpTransport, call: ProviderCall) => Promise<number | null>;
};

/**
 * Makes the adapter of a provider that speaks one wire.
 *
 * @throws TypeError if `baseUrl` is not an absolute http(s) URL.
 */
export const createWireAdapter = (
  options: AdapterOptions & { readonly baseUrl: string },
  spec: WireSpec,
): ProviderAdapter => {
  const { provider, baseUrl, connectMs, connections } = options;
  const transport = createHttpTransport({
    baseUrl,
    connectMs,
    ...(connections === undefined ? {} : { connections }),
  });
  const { countTokens, takesImageUrls } = spec;
  return {
    provider,
    call: (call, sink) => {
      const encoded = spec.encode(call);
      return startCall(
        {
          request: encoded.request,
          passthrough: encoded.passthrough,
          losses: encoded.losses,
          choices: encoded.choices ?? 1,
          wire: encoded.passthrough ? spec.raw : spec.decoded,
          stream: call.stream,
          // Made only where something failed.
          redact: (text) => createRedactor([call.credential.apiKey])(text),
        },
        transport,
        sink,
      );
    },
    ...(countTokens === undefined
      ? {}
      : { countTokens: (call: ProviderCall) => countTokens(transport, call) }),
    checkKey: (apiKey) =>
      checkKey(transport, apiKey, {
        headersOf: spec.headersOf,
        vendorCodes: spec.decoded.vendorCodes,
      }),
    ...(takesImageUrls === undefined ? {} : { takesImageUrls }),
    close: () => transport.close(),
  };
};
