import type { ServerResponse } from "node:http";
import type { Listener } from "./test-kit.ts";

/** One event of a canonical stream. */
export const chunk = (
  delta: Record<string, unknown>,
  finish: string | null = null,
  index = 0,
): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "vendor-model-2026",
    choices: [{ index, delta, finish_reason: finish }],
  })}\n\n`;

export const role: string = chunk({ role: "assistant", content: "" });
export const stop: string = chunk({}, "stop");
export const usage: string = `data: ${JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "vendor-model-2026",
  choices: [],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
})}\n\n`;
export const done: string = "data: [DONE]\n\n";
export const hello: string = role + chunk({ content: "Hel" }) + chunk({ content: "lo" });

export const whole: string = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "vendor-model-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
});

/** Sends a text as a stream, then ends it or worse. */
export const sending =
  (
    text: string,
    end: (response: ServerResponse) => unknown = (response) => response.end(),
  ): Listener =>
  (_request, response) => {
    response.setHeader("content-type", "text/event-stream");
    response.write(text, () => end(response));
  };

export const reset = (response: ServerResponse): unknown => response.socket?.resetAndDestroy();

/** The usage that `usage` and `whole` report. */
export const counts: { readonly inputTokens: number; readonly outputTokens: number } = {
  inputTokens: 7,
  outputTokens: 3,
};
