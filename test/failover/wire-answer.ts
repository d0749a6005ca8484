/** The wires an upstream may speak. */
export type Wire = "chat" | "responses" | "messages" | "gemini";

/** An answer as a model means it. */
export type Meant = {
  readonly id: string;
  readonly words: readonly string[];
  /** A call after the words, its arguments in pieces. */
  readonly call?: { readonly name: string; readonly pieces: readonly string[] };
  readonly usage: { readonly input: number; readonly output: number };
};

/** The events of a streamed answer: what comes before content, the content, and its end. */
export type Events = {
  readonly opening: readonly string[];
  /** One event a word, or a piece of arguments. */
  readonly content: readonly string[];
  /** The wire's own finish and all that follows. */
  readonly closing: readonly string[];
};

const plain = (json: object): string => `data: ${JSON.stringify(json)}\n\n`;
type Named = { readonly type: string } & Readonly<Record<string, unknown>>;
const named = (json: Named): string => `event: ${json.type}\n${plain(json)}`;

const chat = ({ id, words, call, usage }: Meant): Events => {
  const chunk = (delta: object, finish: string | null = null, rest: object = {}) => ({
    id,
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "upstream-model",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...rest,
  });
  const counted = {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  };
  const piece = (fields: object) => chunk({ tool_calls: [{ index: 0, ...fields }] });
  return {
    opening: [plain(chunk({ role: "assistant", content: "" }))],
    content: [
      ...words.map((content) => plain(chunk({ content }))),
      ...(call === undefined
        ? []
        : [
            plain(
              piece({
                id: "call_1",
                type: "function",
                function: { name: call.name, arguments: "" },
              }),
            ),
            ...call.pieces.map((text) => plain(piece({ function: { arguments: text } }))),
          ]),
    ],
    closing: [
      plain(chunk({}, call === undefined ? "stop" : "tool_calls")),
      plain({ ...chunk({}), choices: [], usage: counted }),
      "data: [DONE]\n\n",
    ],
  };
};

const messages = ({ id, words, call, usage }: Meant): Events => {
  const message = {
    id,
    type: "message",
    role: "assistant",
    model: "upstream-model",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: usage.input, output_tokens: 1 },
  };
  const start = (index: number, content_block: object) =>
    named({ type: "content_block_start", index, content_block });
  const delta = (index: number, piece: object) =>
    named({ type: "content_block_delta", index, delta: piece });
  const stop = (index: number) => named({ type: "content_block_stop", index });
  const tool = call === undefined ? [] : [stop(0), start(1, toolBlock(call.name))];
  const [firstPiece = "", ...pieces] = call?.pieces ?? [];
  const piece = (partial_json: string): string =>
    delta(1, { type: "input_json_delta", partial_json });
  const ending = {
    type: "message_delta",
    delta: { stop_reason: call === undefined ? "end_turn" : "tool_use", stop_sequence: null },
    usage: { output_tokens: usage.output },
  };
  return {
    opening: [
      named({ type: "message_start", message }),
      start(0, { type: "text", text: "" }),
      named({ type: "ping" }),
    ],
    content: [
      ...words.map((text) => delta(0, { type: "text_delta", text })),
      ...(call === undefined ? [] : [[...tool, piece(firstPiece)].join(""), ...pieces.map(piece)]),
    ],
    closing: [stop(call === undefined ? 0 : 1), named(ending), named({ type: "message_stop" })],
  };
};

const toolBlock = (name: string): object => ({ type: "tool_use", id: "toolu_1", name, input: {} });

const responses = ({ id, words, call, usage }: Meant): Events => {
  const counted = {
    input_tokens: usage.input,
    output_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  };
  // Numbered in the order they are made in.
  let number = 0;
  const event = (type: string, fields: object): string =>
    named({ type: `response.${type}`, sequence_number: number++, ...fields });
  const response = (status: string, output: readonly object[], rest: object = {}) => ({
    response: {
      id: `resp_${id}`,
      object: "response",
      created_at: 1_790_000_000,
      model: "upstream-model",
      status,
      output,
      ...rest,
    },
  });
  const text = words.join("");
  const part = (said: string) => ({ type: "output_text", text: said, annotations: [] });
  const item = (status: string, content: readonly object[]) => ({
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    status,
    content,
  });
  const place = { item_id: `msg_${id}`, output_index: 0, content_index: 0 };
  const opening = [
    event("created", response("in_progress", [])),
    event("in_progress", response("in_progress", [])),
    event("output_item.added", { output_index: 0, item: item("in_progress", []) }),
    event("content_part.added", { ...place, part: part("") }),
  ];
  const content = words.map((delta) => event("output_text.delta", { ...place, delta }));
  const message = item("completed", [part(text)]);
  const end = [
    event("output_text.done", { ...place, text }),
    event("content_part.done", { ...place, part: part(text) }),
    event("output_item.done", { output_index: 0, item: message }),
  ];
  const completed = (output: readonly object[]): string =>
    event("completed", response("completed", output, { usage: counted }));
  if (call === undefined) return { opening, content, closing: [...end, completed([message])] };

  const whole = call.pieces.join("");
  const called = (status: string, json: string) => ({
    id: `fc_${id}`,
    type: "function_call",
    call_id: "call_1",
    name: call.name,
    arguments: json,
    status,
  });
  const at = { item_id: `fc_${id}`, output_index: 1 };
  const added = { output_index: 1, item: called("in_progress", "") };
  content.push(
    [...end, event("output_item.added", added)].join(""),
    ...call.pieces.map((delta) => event("function_call_arguments.delta", { ...at, delta })),
  );
  const done = called("completed", whole);
  return {
    opening,
    content,
    closing: [
      event("function_call_arguments.done", { ...at, name: call.name, arguments: whole }),
      event("output_item.done", { output_index: 1, item: done }),
      completed([message, done]),
    ],
  };
};

const gemini = ({ id, words, call, usage }: Meant): Events => {
  const chunk = (parts: readonly object[], rest: object = {}) =>
    plain({
      responseId: id,
      modelVersion: "upstream-model",
      candidates: [{ index: 0, content: { role: "model", parts }, ...rest }],
      usageMetadata: {
        promptTokenCount: usage.input,
        candidatesTokenCount: usage.output,
        totalTokenCount: usage.input + usage.output,
      },
    });
  return {
    opening: [],
    content: [
      ...words.map((text) => chunk([{ text }])),
      ...(call === undefined
        ? []
        : [chunk([{ functionCall: { name: call.name, args: JSON.parse(call.pieces.join("")) } }])]),
    ],
    closing: [chunk([{ text: "" }], { finishReason: "STOP" })],
  };
};

/** A streamed answer in a wire. */
export const eventsOf: Readonly<Record<Wire, (meant: Meant) => Events>> = {
  chat,
  messages,
  responses,
  gemini,
};

/** A whole answer in a wire. */
export const jsonOf: Readonly<Record<Wire, (meant: Meant) => object>> = {
  chat: ({ id, words, call, usage }) => ({
    id,
    object: "chat.completion",
    created: 1_790_000_000,
    model: "upstream-model",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: words.join(""),
          ...(call === undefined
            ? {}
            : {
                tool_calls: [
                  {
                    id: "call_1",
                    type: "function",
                    function: { name: call.name, arguments: call.pieces.join("") },
                  },
                ],
              }),
        },
        finish_reason: call === undefined ? "stop" : "tool_calls",
      },
    ],
    usage: {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    },
  }),
  messages: ({ id, words, usage }) => ({
    id,
    type: "message",
    role: "assistant",
    model: "upstream-model",
    content: [{ type: "text", text: words.join("") }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: usage.input, output_tokens: usage.output },
  }),
  responses: ({ id, words, usage }) => ({
    id: `resp_${id}`,
    object: "response",
    created_at: 1_790_000_000,
    model: "upstream-model",
    status: "completed",
    output: [
      {
        id: `msg_${id}`,
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: words.join(""), annotations: [] }],
      },
    ],
    usage: {
      input_tokens: usage.input,
      output_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    },
  }),
  gemini: ({ id, words, usage }) => ({
    responseId: id,
    modelVersion: "upstream-model",
    candidates: [
      {
        index: 0,
        content: { role: "model", parts: [{ text: words.join("") }] },
        finishReason: "STOP",
      },
    ],
    usageMetadata: {
      promptTokenCount: usage.input,
      candidatesTokenCount: usage.output,
      totalTokenCount: usage.input + usage.output,
    },
  }),
};

/** An error body in a wire's own shape. */
export const errorOf = (wire: Wire, status: number, message: string, code?: string): object => {
  switch (wire) {
    case "messages":
      return { type: "error", error: { type: code ?? "api_error", message } };
    case "gemini":
      return { error: { code: status, status: code ?? "INTERNAL", message } };
    default:
      return { error: { message, type: "server_error", code: code ?? null, param: null } };
  }
};

/** A failure told within a stream, in a wire's own shape. */
export const errorEventOf = (wire: Wire, message: string): string => {
  switch (wire) {
    case "messages":
      return named({ type: "error", error: { type: "overloaded_error", message } });
    case "responses":
      return named({ type: "error", code: "server_error", message, param: null });
    case "gemini":
      return plain({ error: { code: 503, status: "UNAVAILABLE", message } });
    default:
      return plain({ error: { message, type: "server_error", code: null } });
  }
};
