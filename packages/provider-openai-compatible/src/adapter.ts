import {
  AdapterOptionsError,
  createHttpTransport,
  createRedactor,
  startCall,
} from "@pointsman/provider";
import type { AdapterFactory, AdapterOptions, ProviderAdapter } from "@pointsman/provider";
import { createChatWires } from "./chat-wires.ts";
import { createCallEncoder } from "./encode-call.ts";
import { findPreset } from "./find-preset.ts";

/**
 * Makes the adapter of a provider that speaks OpenAI's chat wire.
 *
 * @throws AdapterOptionsError if the preset named does not exist, or no base URL is known.
 */
export const createOpenAiCompatibleAdapter: AdapterFactory = (
  options: AdapterOptions,
): ProviderAdapter => {
  const preset = findPreset(options.provider, options.preset);
  const baseUrl = options.baseUrl ?? preset.baseUrl;
  if (baseUrl === null) {
    throw new AdapterOptionsError(options.provider, "a base URL is needed (baseUrl)");
  }
  const transport = createHttpTransport({
    baseUrl,
    connectMs: options.connectMs,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
  });
  const encode = createCallEncoder(preset);
  const wires = createChatWires(preset);
  return {
    provider: options.provider,
    call: (call, sink) => {
      const encoded = encode(call);
      return startCall(
        {
          ...encoded,
          wire: encoded.passthrough ? wires.raw : wires.decoded,
          stream: call.stream,
          // Made only where something failed.
          redact: (text) => createRedactor([call.credential.apiKey])(text),
        },
        transport,
        sink,
      );
    },
    close: () => transport.close(),
  };
};
