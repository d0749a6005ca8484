import type { AdapterFactory } from "@pointsman/provider";
import { chooseWire } from "./choose-wire.ts";
import { createResponsesAdapter } from "./responses-adapter.ts";

const defaultBaseUrl = "https://api.openai.com/v1";

/**
 * Adapters of kind `openai`: each call goes out on the wire it needs.
 * @param chat makes the adapter of the chat wire
 */
export const createOpenAiAdapterFactory =
  (chat: AdapterFactory): AdapterFactory =>
  (options) => {
    const onChat = chat(options);
    const onResponses = createResponsesAdapter({
      ...options,
      baseUrl: options.baseUrl ?? defaultBaseUrl,
    });
    return {
      provider: options.provider,
      call: (call, sink) =>
        (chooseWire(call) === "responses" ? onResponses : onChat).call(call, sink),
      checkKey: (apiKey) => onResponses.checkKey?.(apiKey) ?? Promise.resolve("unreachable"),
      close: async () => {
        await Promise.all([onChat.close(), onResponses.close()]);
      },
    };
  };
