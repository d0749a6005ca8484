import { AdapterOptionsError, createWireAdapter } from "@pointsman/provider";
import type { AdapterFactory } from "@pointsman/provider";
import { createChatWires } from "./chat-wires.ts";
import { createCallEncoder, createHeadersOf } from "./encode-call.ts";
import { findPreset } from "./find-preset.ts";
import type { OpenAiCompatiblePreset } from "./preset.ts";

/**
 * Adapters of a vendor that is described by `preset`, which may be one of your own.
 *
 * @returns a factory that throws AdapterOptionsError if no base URL is known.
 */
export const createPresetAdapterFactory =
  (preset: OpenAiCompatiblePreset): AdapterFactory =>
  (options) => {
    const baseUrl = options.baseUrl ?? preset.baseUrl;
    if (baseUrl === null) {
      throw new AdapterOptionsError(options.provider, "a base URL is needed (baseUrl)");
    }
    const headersOf = createHeadersOf(preset);
    return createWireAdapter(
      { ...options, baseUrl },
      {
        encode: createCallEncoder(preset, headersOf),
        headersOf,
        ...createChatWires(preset),
        takesImageUrls: () => preset.imageUrls,
      },
    );
  };

/**
 * Makes the adapter of a provider that speaks OpenAI's chat wire.
 *
 * @throws AdapterOptionsError if the preset named does not exist, or no base URL is known.
 */
export const createOpenAiCompatibleAdapter: AdapterFactory = (options) =>
  createPresetAdapterFactory(findPreset(options.provider, options.preset))(options);
