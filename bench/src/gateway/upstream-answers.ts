import { contentMarker, jsonMarkers, streamEvents } from "./workloads.ts";

const common = {
  id: "chatcmpl-BenchBenchBenchBenchBenchBench",
  created: 1_760_000_000,
  model: "gpt-4o-2024-08-06",
  service_tier: "default",
  system_fingerprint: "fp_cbf1785567",
};

const usage = {
  prompt_tokens: 212,
  completion_tokens: 96,
  total_tokens: 308,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

/** About 1 kB, shaped like OpenAI's own answer. */
export const jsonAnswer: Buffer = Buffer.from(
  JSON.stringify({
    ...common,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: `The ${contentMarker} arm drops and the line is clear. `.repeat(jsonMarkers),
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage,
  }),
);

const event = (choices: readonly unknown[], extra: object = { usage: null }): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ ...common, object: "chat.completion.chunk", choices, ...extra })}\n\n`,
  );

const choice = (delta: object, finishReason: string | null = null): object => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});

/** The writes of a streamed answer in order: role, content, finish, usage with `[DONE]`. */
export const streamWrites: readonly Buffer[] = [
  event([choice({ role: "assistant", content: "", refusal: null })]),
  ...Array.from({ length: streamEvents }, () => event([choice({ content: ` ${contentMarker}` })])),
  event([choice({}, "stop")]),
  Buffer.concat([event([], { usage }), Buffer.from("data: [DONE]\n\n")]),
];
