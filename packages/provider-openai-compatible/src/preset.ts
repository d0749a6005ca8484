import type { ConversationHint, VendorCodes } from "@pointsman/provider";
import type { ChatDialect } from "@pointsman/translate";

/** Everything that sets one vendor apart from OpenAI's chat wire, as data. */
export type OpenAiCompatiblePreset = {
  /** Name of the provider, as in offerings and configuration. */
  readonly id: string;
  readonly displayName: string;
  /** Version included, no slash at the end; `null` = must be configured. */
  readonly baseUrl: string | null;
  /** Environment variables that customarily hold the key, the most usual first. */
  readonly envKeys: readonly string[];
  /** Where the key goes: `authorization: Bearer <key>`; `scheme: null` = the bare key. */
  readonly auth: { readonly header: string; readonly scheme: string | null };
  /** Chunks and answers are OpenAI's own, field for field: content bytes may pass through. */
  readonly canonical: boolean;
  readonly dialect: ChatDialect;
  /** Where some models deviate further; the first whose pattern fits a model's name counts. @default none */
  readonly families?: readonly {
    readonly pattern: RegExp;
    readonly dialect: Partial<ChatDialect>;
  }[];
  /** Request field that asks for a premium tier by its name; `null` = none is known. */
  readonly tierField: string | null;
  /** Whether it fetches images that are named by URL. */
  readonly imageUrls: boolean;
  /** How it is told which requests belong together; `null` = it finds out by itself. */
  readonly conversation: ConversationHint | null;
  /** Meanings of the vendor's own error codes. */
  readonly vendorCodes: VendorCodes;
};

/** How to speak to a model of a vendor. */
export const dialectOf = (preset: OpenAiCompatiblePreset, providerModelId: string): ChatDialect => {
  const family = preset.families?.find(({ pattern }) => pattern.test(providerModelId));
  return family === undefined ? preset.dialect : { ...preset.dialect, ...family.dialect };
};
