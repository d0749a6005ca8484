import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

/** A tool both kinds of client describe in their own way. */
type Tool = { readonly name: string; readonly properties: Readonly<Record<string, unknown>> };

const tools: readonly Tool[] = [
  { name: "get_weather", properties: { city: { type: "string" } } },
  { name: "get_time", properties: {} },
];

const schemaOf = ({ properties }: Tool) => ({
  type: "object" as const,
  properties,
  required: Object.keys(properties),
});

export type Call = { readonly id: string; readonly name: string; readonly args: string };

/** What one request brought. */
export type Step = {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Call[];
};

/** An agent's conversation: says a thing, or hands in results, and keeps all that comes back. */
export type Agent = {
  readonly say: (model: string, text: string) => Promise<Step>;
  readonly answer: (model: string, results: ReadonlyMap<string, string>) => Promise<Step>;
};

export type AgentOptions = {
  readonly url: string;
  readonly apiKey: string;
  readonly stream: boolean;
};

/** What the gateway adds to a message or a delta of the chat wire. */
type Extras = {
  readonly reasoning_content?: string;
  readonly reasoning?: readonly unknown[];
  readonly reasoning_signature?: string;
  readonly provider_signature?: string;
};

// The client's types do not know them; it keeps what it does not know.
const extrasOf = (value: unknown): Extras => value as Extras;

type ToolCall = OpenAI.ChatCompletionMessageFunctionToolCall & { provider_signature?: string };

/** Adds chunks up as an agent does that keeps the gateway's signatures. */
const foldChunks = async (
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
): Promise<OpenAI.ChatCompletionMessage> => {
  let content = "";
  let thinking = "";
  let signature: string | undefined;
  let textSignature: string | undefined;
  const calls: ToolCall[] = [];
  for await (const chunk of chunks) {
    const delta = chunk.choices[0]?.delta;
    if (delta === undefined) continue;
    const extras = extrasOf(delta);
    content += delta.content ?? "";
    thinking += extras.reasoning_content ?? "";
    signature = extras.reasoning_signature ?? signature;
    textSignature = extras.provider_signature ?? textSignature;
    for (const piece of delta.tool_calls ?? []) {
      const call = (calls[piece.index] ??= {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      });
      call.id ||= piece.id ?? "";
      call.function.name ||= piece.function?.name ?? "";
      call.function.arguments += piece.function?.arguments ?? "";
      const sealed = extrasOf(piece).provider_signature;
      if (sealed !== undefined) call.provider_signature = sealed;
    }
  }
  const message = {
    role: "assistant" as const,
    content: content === "" ? null : content,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...(thinking === "" ? {} : { reasoning_content: thinking }),
    ...(signature === undefined ? {} : { reasoning: [{ type: "thinking", thinking, signature }] }),
    ...(textSignature === undefined ? {} : { provider_signature: textSignature }),
  };
  return message;
};

/** An agent on the `openai` client's chat completions. */
export const chatAgent = ({ url, apiKey, stream }: AgentOptions): Agent => {
  const client = new OpenAI({ baseURL: url, apiKey, maxRetries: 0 });
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  const request = async (model: string): Promise<Step> => {
    const params = {
      model,
      messages,
      reasoning_effort: "medium" as const,
      tools: tools.map((tool) => ({
        type: "function" as const,
        function: { name: tool.name, parameters: schemaOf(tool) },
      })),
    };
    const message = stream
      ? await foldChunks(await client.chat.completions.create({ ...params, stream: true }))
      : (await client.chat.completions.create(params)).choices[0]?.message;
    if (message === undefined) throw new Error("the answer has no message");
    messages.push(message);
    return {
      text: message.content ?? "",
      reasoning: extrasOf(message).reasoning_content ?? "",
      calls: (message.tool_calls ?? []).flatMap((call) =>
        call.type === "function"
          ? [{ id: call.id, name: call.function.name, args: call.function.arguments }]
          : [],
      ),
    };
  };
  return {
    say: (model, text) => {
      messages.push({ role: "user", content: text });
      return request(model);
    },
    answer: (model, results) => {
      for (const [id, content] of results) {
        messages.push({ role: "tool", tool_call_id: id, content });
      }
      return request(model);
    },
  };
};

/** An agent on the `openai` client's Responses, which keeps nothing at the provider. */
export const responsesAgent = ({ url, apiKey, stream }: AgentOptions): Agent => {
  const client = new OpenAI({ baseURL: url, apiKey, maxRetries: 0 });
  const input: OpenAI.Responses.ResponseInputItem[] = [];
  const request = async (model: string): Promise<Step> => {
    const params = {
      model,
      input,
      store: false,
      include: ["reasoning.encrypted_content" as const],
      reasoning: { effort: "medium" as const, summary: "auto" as const },
      tools: tools.map((tool) => ({
        type: "function" as const,
        name: tool.name,
        parameters: schemaOf(tool),
        strict: false,
      })),
    };
    const response = stream
      ? await client.responses.stream(params).finalResponse()
      : await client.responses.create(params);
    for (const item of response.output) {
      // What a stateless agent sends back is what it was given.
      input.push(item as OpenAI.Responses.ResponseInputItem);
    }
    return {
      text: response.output_text,
      reasoning: response.output
        .flatMap((item) => (item.type === "reasoning" ? item.summary : []))
        .map(({ text }) => text)
        .join(""),
      calls: response.output.flatMap((item) =>
        item.type === "function_call"
          ? [{ id: item.call_id, name: item.name, args: item.arguments }]
          : [],
      ),
    };
  };
  return {
    say: (model, text) => {
      input.push({ role: "user", content: text });
      return request(model);
    },
    answer: (model, results) => {
      for (const [id, output] of results) {
        input.push({ type: "function_call_output", call_id: id, output });
      }
      return request(model);
    },
  };
};

/** An agent on the `@anthropic-ai/sdk` client. */
export const messagesAgent = ({ url, apiKey, stream }: AgentOptions): Agent => {
  const client = new Anthropic({
    baseURL: url.replace(/\/v1$/u, ""),
    authToken: apiKey,
    apiKey: null,
    maxRetries: 0,
  });
  const messages: Anthropic.MessageParam[] = [];
  const request = async (model: string): Promise<Step> => {
    const params = {
      model,
      messages,
      max_tokens: 8000,
      thinking: { type: "enabled" as const, budget_tokens: 4096 },
      tools: tools.map((tool) => ({ name: tool.name, input_schema: schemaOf(tool) })),
    };
    const message = stream
      ? await client.messages.stream(params).finalMessage()
      : await client.messages.create(params);
    messages.push({ role: "assistant", content: message.content });
    return {
      text: message.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      reasoning: message.content
        .map((block) => (block.type === "thinking" ? block.thinking : ""))
        .join(""),
      calls: message.content.flatMap((block) =>
        block.type === "tool_use"
          ? [{ id: block.id, name: block.name, args: JSON.stringify(block.input) }]
          : [],
      ),
    };
  };
  return {
    say: (model, text) => {
      messages.push({ role: "user", content: text });
      return request(model);
    },
    answer: (model, results) => {
      messages.push({
        role: "user",
        content: [...results].map(([id, content]) => {
          return { type: "tool_result" as const, tool_use_id: id, content };
        }),
      });
      return request(model);
    },
  };
};
