import { BadRequestError } from "../errors.ts";
import type { RequestOptions, Transport } from "../http/transport.ts";
import { withHeaders } from "../http/with-headers.ts";
import type { Answered } from "../http/with-headers.ts";
import { ChatStream } from "../stream/chat-stream.ts";
import { MessageStream } from "../stream/message-stream.ts";
import { ResponseStream } from "../stream/response-stream.ts";
import type { ChatCompletion, ChatCompletionParams } from "../types/chat.ts";
import type { Message } from "../types/message.ts";
import type { CountTokensParams, MessagesParams, TokenCount } from "../types/messages.ts";
import type { ResponseObject } from "../types/response-object.ts";
import type { ResponseParams } from "../types/responses.ts";
import type { GatewayOptions } from "../types/routing.ts";

type Asking = { readonly model?: string; readonly gateway?: GatewayOptions };

/** One of `model` and `gateway.models`, before any call (docs/contract.md §3). */
const checkModel = ({ model, gateway }: Asking): void => {
  const several = gateway?.models !== undefined;
  if (several === (model === undefined)) return;
  throw new BadRequestError({
    message: several
      ? "Name the model by `model` or by `gateway.models`, not by both."
      : "Name a model: `model`, or several by `gateway.models`.",
    statusCode: 0,
    type: "invalid_request_error",
    code: several ? "invalid_parameter_value" : "missing_required_parameter",
    param: several ? "gateway.models" : "model",
  });
};

type Streaming = { readonly stream: true };
type Whole = { readonly stream?: false };

/** POST /v1/chat/completions. */
export class ChatCompletions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(params: ChatCompletionParams & Streaming, options?: RequestOptions): Promise<ChatStream>;
  create(
    params: ChatCompletionParams & Whole,
    options?: RequestOptions,
  ): Promise<Answered<ChatCompletion>>;
  create(
    params: ChatCompletionParams,
    options?: RequestOptions,
  ): Promise<Answered<ChatCompletion> | ChatStream>;
  async create(
    params: ChatCompletionParams,
    options: RequestOptions = {},
  ): Promise<Answered<ChatCompletion> | ChatStream> {
    checkModel(params);
    const call = { method: "POST", path: "/chat/completions", body: params } as const;
    if (params.stream === true) return new ChatStream(await this.#transport.stream(call, options));
    return withHeaders<ChatCompletion>(await this.#transport.json(call, options));
  }
}

/** POST /v1/responses. */
export class Responses {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(params: ResponseParams & Streaming, options?: RequestOptions): Promise<ResponseStream>;
  create(
    params: ResponseParams & Whole,
    options?: RequestOptions,
  ): Promise<Answered<ResponseObject>>;
  create(
    params: ResponseParams,
    options?: RequestOptions,
  ): Promise<Answered<ResponseObject> | ResponseStream>;
  async create(
    params: ResponseParams,
    options: RequestOptions = {},
  ): Promise<Answered<ResponseObject> | ResponseStream> {
    checkModel(params);
    const call = { method: "POST", path: "/responses", body: params } as const;
    if (params.stream === true) {
      return new ResponseStream(await this.#transport.stream(call, options));
    }
    return withHeaders<ResponseObject>(await this.#transport.json(call, options));
  }
}

/** POST /v1/messages, and its count of tokens. */
export class Messages {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(params: MessagesParams & Streaming, options?: RequestOptions): Promise<MessageStream>;
  create(params: MessagesParams & Whole, options?: RequestOptions): Promise<Answered<Message>>;
  create(
    params: MessagesParams,
    options?: RequestOptions,
  ): Promise<Answered<Message> | MessageStream>;
  async create(
    params: MessagesParams,
    options: RequestOptions = {},
  ): Promise<Answered<Message> | MessageStream> {
    checkModel(params);
    const call = { method: "POST", path: "/messages", body: params } as const;
    if (params.stream === true) {
      return new MessageStream(await this.#transport.stream(call, options));
    }
    return withHeaders<Message>(await this.#transport.json(call, options));
  }

  /** Free of charge. */
  async countTokens(
    params: CountTokensParams,
    options: RequestOptions = {},
  ): Promise<Answered<TokenCount>> {
    checkModel(params);
    const call = { method: "POST", path: "/messages/count_tokens", body: params } as const;
    return withHeaders<TokenCount>(await this.#transport.json(call, options));
  }
}
