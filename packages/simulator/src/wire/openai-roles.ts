import type { ModelMessage } from "../model/model-request.ts";

/** What OpenAI's roles are to a model. */
export const openAiRoles: Readonly<Record<string, ModelMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
};
