import { aiSdkChat, aiSdkMessages, aiSdkResponses } from "./readers/ai-sdk.ts";
import { anthropicMessages } from "./readers/anthropic.ts";
import { openAiChat } from "./readers/openai-chat.ts";
import { openAiResponses } from "./readers/openai-responses.ts";
import type { RecordedWire } from "../fixtures/wire/load.ts";
import type { Reader } from "./said.ts";

/** A way into the gateway, with the clients that read its answers. */
export type SurfaceClients = {
  readonly surface: "chat" | "responses" | "messages";
  /** Recordings of this wire are in the surface's own form. */
  readonly wire: RecordedWire;
  /** The client of the wire's own maker. */
  readonly own: Reader;
  /** The Vercel AI SDK's; `tools` = names of the tools an answer calls. */
  readonly aiSdk: (tools: readonly string[]) => Reader;
};

export const surfaces: readonly SurfaceClients[] = [
  { surface: "chat", wire: "openai-chat", own: openAiChat, aiSdk: aiSdkChat },
  { surface: "responses", wire: "openai-responses", own: openAiResponses, aiSdk: aiSdkResponses },
  { surface: "messages", wire: "anthropic-messages", own: anthropicMessages, aiSdk: aiSdkMessages },
];
