/** A recorded-looking stream of one wire, as the bytes that come in. */
export type WireStream = {
  readonly wire: "chat" | "messages" | "responses" | "generateContent";
  /** JSON of each event. */
  readonly events: readonly string[];
  /** The same framed, cut as sockets cut. */
  readonly chunks: readonly Uint8Array[];
};

const socketBytes = 4096;
const words = ["The", " signal", " box", " keeps", " a", " record", " of", " every", " train", "."];
const wordAt = (at: number): string => words[at % words.length] ?? "";

const framed = (
  wire: WireStream["wire"],
  events: readonly object[],
  frame: (json: string, event: object) => string,
): WireStream => {
  const texts = events.map((event) => JSON.stringify(event));
  const bytes = new TextEncoder().encode(
    events.map((event, at) => frame(texts[at] ?? "", event)).join(""),
  );
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += socketBytes) {
    chunks.push(bytes.subarray(at, at + socketBytes));
  }
  return { wire, events: texts, chunks };
};

const named = (json: string, event: object): string =>
  `event: ${"type" in event ? String(event.type) : ""}\ndata: ${json}\n\n`;

const chat = (count: number): WireStream => {
  const event = (delta: object, finish: string | null): object => ({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "gpt-4o-2024-08-06",
    service_tier: "default",
    system_fingerprint: "fp_bench",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  });
  const usage = { prompt_tokens: 9, completion_tokens: count, total_tokens: count + 9 };
  const events = [
    event({ role: "assistant", content: "", refusal: null }, null),
    ...Array.from({ length: count - 3 }, (_, at) => event({ content: wordAt(at) }, null)),
    event({}, "stop"),
    { ...event({}, null), choices: [], usage },
  ];
  const stream = framed("chat", events, (json) => `data: ${json}\n\n`);
  return { ...stream, chunks: [...stream.chunks, new TextEncoder().encode("data: [DONE]\n\n")] };
};

const messages = (count: number): WireStream => {
  const usage = { input_tokens: 9, output_tokens: count };
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const block = { index: 0 };
  return framed(
    "messages",
    [
      { type: "message_start", message },
      { type: "content_block_start", ...block, content_block: { type: "text", text: "" } },
      ...Array.from({ length: count - 5 }, (_, at) => ({
        type: "content_block_delta",
        ...block,
        delta: { type: "text_delta", text: wordAt(at) },
      })),
      { type: "content_block_stop", ...block },
      { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage },
      { type: "message_stop" },
    ],
    named,
  );
};

const responses = (count: number): WireStream => {
  const text = Array.from({ length: count - 7 }, (_, at) => wordAt(at)).join("");
  const response = {
    id: "resp_bench",
    object: "response",
    created_at: 1_700_000_000,
    status: "in_progress",
    model: "gpt-4o-2024-08-06",
    output: [],
    usage: null,
  };
  const place = { item_id: "msg_bench", output_index: 0, content_index: 0 };
  const part = { type: "output_text", annotations: [], logprobs: [], text };
  const item = {
    id: "msg_bench",
    type: "message",
    status: "completed",
    role: "assistant",
    content: [part],
  };
  const usage = {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: count,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: count + 9,
  };
  const events = [
    { type: "response.created", response },
    { type: "response.in_progress", response },
    { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
    { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
    ...Array.from({ length: count - 7 }, (_, at) => ({
      type: "response.output_text.delta",
      ...place,
      delta: wordAt(at),
      logprobs: [],
    })),
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.output_item.done", output_index: 0, item },
    {
      type: "response.completed",
      response: { ...response, status: "completed", output: [item], usage },
    },
  ];
  return framed(
    "responses",
    events.map((event, at) => ({ ...event, sequence_number: at })),
    named,
  );
};

const generateContent = (count: number): WireStream => {
  const event = (text: string, more: object): object => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...more }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: count, totalTokenCount: count + 9 },
    modelVersion: "gemini-2.5-flash",
    responseId: "bench",
  });
  return framed(
    "generateContent",
    Array.from({ length: count }, (_, at) =>
      event(wordAt(at), at === count - 1 ? { finishReason: "STOP" } : {}),
    ),
    (json) => `data: ${json}\r\n\r\n`,
  );
};

/** Streams of so many events, one of each wire. */
export const wireStreams = (count: number) => ({
  chat: chat(count),
  messages: messages(count),
  responses: responses(count),
  generateContent: generateContent(count),
});
