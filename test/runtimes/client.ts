import { Client, NotFoundError } from "@pointsman/sdk";

/** What the client has to say of a gateway. */
export type Asked = {
  readonly whole: string | null | undefined;
  readonly provider: string;
  readonly streamed: string;
  /** Of the stream. */
  readonly tokens: number | undefined;
  readonly response: string;
  /** Chunks that were read of a stream that was left. */
  readonly readBeforeLeaving: number;
  /** Code of the error for a model that nobody has. */
  readonly error: string;
};

/** Asks a gateway whole, by a stream, on another surface, for what it lacks; and leaves a stream early. */
export const askGateway = async (baseUrl: string, apiKey: string): Promise<Asked> => {
  const client = new Client({ apiKey, baseUrl });
  const messages = [{ role: "user" as const, content: "Which track is the express on today?" }];
  const chat = { model: "lab", messages };
  const whole = await client.chat.completions.create(chat);
  const stream = await client.chat.completions.create({ ...chat, stream: true });
  let streamed = "";
  for await (const { choices } of stream) streamed += choices[0]?.delta.content ?? "";
  const response = await client.responses.create({ model: "lab", input: "Which track?" });
  let readBeforeLeaving = 0;
  for await (const { choices } of await client.chat.completions.create({ ...chat, stream: true })) {
    readBeforeLeaving += choices.length;
    break;
  }
  const failure: unknown = await client.chat.completions
    .create({ ...chat, model: "nobody-has-it" })
    .catch((error: unknown) => error);
  return {
    whole: whole.choices[0]?.message.content,
    provider: whole.routing_metadata.provider,
    streamed,
    tokens: stream.usage?.total_tokens,
    response: response.status,
    readBeforeLeaving,
    error: NotFoundError.isInstance(failure) ? failure.code : String(failure),
  };
};
