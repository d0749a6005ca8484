import { aiSdkChat } from "./readers/ai-sdk.ts";
import { openAiChat } from "./readers/openai-chat.ts";
import type { Reader } from "./said.ts";

/** A way into the gateway, with the clients that read its answers. */
export type SurfaceClients = {
  readonly surface: "chat" | "responses" | "messages";
  /** The client of the wire's own maker. */
  readonly own: Reader;
  /** The Vercel AI SDK's; `tools` = names of the tools an answer calls. */
  readonly aiSdk: (tools: readonly string[]) => Reader;
};

export const surfaces: readonly SurfaceClients[] = [
  { surface: "chat", own: openAiChat, aiSdk: aiSdkChat },
];
