import type { Json } from "../model/json.ts";
import type { Refusal } from "./refusal.ts";

/** An error body of OpenAI's API. */
export const openAiErrorBody = ({ message, type, param, code }: Refusal): Json => ({
  error: { message, type, param, code },
});
