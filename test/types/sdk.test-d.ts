import type {
  Answered,
  ChatCompletion,
  ChatCompletionParams,
  ChatStream,
  Client,
  GatewayOptions,
  Message,
  MessagesParams,
  MessageStream,
  Optimize,
  PointsmanAPIError,
  ResponseObject,
  ResponseParams,
  ResponseStream,
  RoutingOptions,
  WarningType,
} from "@pointsman/sdk";
import { BadRequestError, RateLimitError } from "@pointsman/sdk";
import type {
  gatewayOptionsSchema,
  ChatRequest,
  MessagesRequest,
  ResponsesRequest,
  routingOptionsSchema,
  WarningType as SchemaWarningType,
} from "@pointsman/translate";
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { describe, expectTypeOf, test } from "vitest";
import type { z } from "zod";

describe("types by hand and those of the schemas are the same", () => {
  test("routing options", () => {
    type Out = z.output<typeof routingOptionsSchema>;
    type In = z.input<typeof routingOptionsSchema>;
    expectTypeOf<RoutingOptions>().toExtend<Out>();
    expectTypeOf<Out>().toExtend<RoutingOptions>();
    expectTypeOf<RoutingOptions>().toExtend<In>();
    expectTypeOf<In>().toExtend<RoutingOptions>();
    expectTypeOf<keyof RoutingOptions>().toEqualTypeOf<keyof Out>();
    expectTypeOf<Optimize>().toEqualTypeOf<NonNullable<Out["optimize"]>>();
  });

  test("gateway options", () => {
    type Out = z.output<typeof gatewayOptionsSchema>;
    type In = z.input<typeof gatewayOptionsSchema>;
    expectTypeOf<GatewayOptions>().toExtend<Out>();
    expectTypeOf<Out>().toExtend<GatewayOptions>();
    expectTypeOf<GatewayOptions>().toExtend<In>();
    expectTypeOf<In>().toExtend<GatewayOptions>();
    expectTypeOf<keyof GatewayOptions>().toEqualTypeOf<keyof Out>();
    expectTypeOf<keyof NonNullable<GatewayOptions["metadata"]>>().toEqualTypeOf<
      keyof NonNullable<Out["metadata"]>
    >();
    expectTypeOf<keyof NonNullable<RoutingOptions["weights"]>>().toEqualTypeOf<
      keyof NonNullable<NonNullable<Out["routing"]>["weights"]>
    >();
  });

  test("bodies have the fields that the gateway takes", () => {
    expectTypeOf<keyof ChatCompletionParams>().toEqualTypeOf<keyof ChatRequest>();
    // Taken so that other clients' bodies pass, and of no effect.
    type Tolerated = "background" | "store" | "service_tier";
    expectTypeOf<keyof ResponseParams>().toEqualTypeOf<
      Exclude<keyof ResponsesRequest, Tolerated>
    >();
    expectTypeOf<keyof MessagesParams>().toEqualTypeOf<keyof MessagesRequest>();
  });

  test("types of warnings", () => {
    expectTypeOf<WarningType>().toEqualTypeOf<SchemaWarningType>();
  });
});

describe("stream: true tells the type of the answer", () => {
  // Never called: only what it would return is looked at.
  const client = {} as Client;
  const messages = [{ role: "user" as const, content: "hi" }];

  test("chat", () => {
    const create = (stream: boolean) =>
      client.chat.completions.create({ model: "m", messages, stream });
    const streamed = () => client.chat.completions.create({ model: "m", messages, stream: true });
    const whole = () => client.chat.completions.create({ model: "m", messages });
    expectTypeOf<ReturnType<typeof streamed>>().toEqualTypeOf<Promise<ChatStream>>();
    expectTypeOf<ReturnType<typeof whole>>().toEqualTypeOf<Promise<Answered<ChatCompletion>>>();
    expectTypeOf<ReturnType<typeof create>>().toEqualTypeOf<
      Promise<Answered<ChatCompletion> | ChatStream>
    >();
  });

  test("Responses and Messages", () => {
    const responses = () => client.responses.create({ model: "m", input: "hi", stream: true });
    const response = () => client.responses.create({ model: "m", input: "hi", stream: false });
    expectTypeOf<ReturnType<typeof responses>>().toEqualTypeOf<Promise<ResponseStream>>();
    expectTypeOf<ReturnType<typeof response>>().toEqualTypeOf<Promise<Answered<ResponseObject>>>();
    const params = { model: "m", max_tokens: 5, messages };
    const stream = () => client.messages.create({ ...params, stream: true });
    const message = () => client.messages.create(params);
    expectTypeOf<ReturnType<typeof stream>>().toEqualTypeOf<Promise<MessageStream>>();
    expectTypeOf<ReturnType<typeof message>>().toEqualTypeOf<Promise<Answered<Message>>>();
  });
});

describe("what was answered can be sent back", () => {
  test("chat", () => {
    type Said = ChatCompletion["choices"][number]["message"];
    expectTypeOf<Said>().toExtend<ChatCompletionParams["messages"][number]>();
  });

  test("Responses", () => {
    type Item = ResponseObject["output"][number];
    expectTypeOf<Item>().toExtend<Exclude<ResponseParams["input"], string>[number]>();
  });

  test("Messages", () => {
    const turn = (message: Message) => ({ role: message.role, content: message.content });
    expectTypeOf<ReturnType<typeof turn>>().toExtend<MessagesParams["messages"][number]>();
  });
});

describe("what is written for the packages of the makers fits", () => {
  type Chat = OpenAI.Chat.Completions.ChatCompletionCreateParams;
  type Ours = ChatCompletionParams["messages"][number];

  test("chat messages", () => {
    expectTypeOf<OpenAI.Chat.ChatCompletionSystemMessageParam>().toExtend<Ours>();
    expectTypeOf<OpenAI.Chat.ChatCompletionDeveloperMessageParam>().toExtend<Ours>();
    expectTypeOf<OpenAI.Chat.ChatCompletionToolMessageParam>().toExtend<Ours>();
    expectTypeOf<OpenAI.Chat.ChatCompletionFunctionMessageParam>().toExtend<Ours>();
  });

  test("chat tools, formats and the rest", () => {
    type Tool = NonNullable<ChatCompletionParams["tools"]>[number];
    expectTypeOf<OpenAI.Chat.ChatCompletionFunctionTool>().toExtend<Tool>();
    expectTypeOf<OpenAI.ResponseFormatJSONObject | OpenAI.ResponseFormatText>().toExtend<
      NonNullable<ChatCompletionParams["response_format"]>
    >();
    expectTypeOf<NonNullable<Chat["stop"]>>().toExtend<NonNullable<ChatCompletionParams["stop"]>>();
  });

  test("Responses", () => {
    type Item = Exclude<ResponseParams["input"], string>[number];
    expectTypeOf<OpenAI.Responses.ResponseFunctionToolCall>().toExtend<Item>();
    expectTypeOf<OpenAI.Responses.FunctionTool>().toExtend<
      NonNullable<ResponseParams["tools"]>[number]
    >();
  });

  test("Messages", () => {
    type Theirs = Anthropic.Messages.MessageCreateParamsNonStreaming;
    expectTypeOf<Theirs["messages"][number]["role"]>().toExtend<
      MessagesParams["messages"][number]["role"]
    >();
    expectTypeOf<Anthropic.Messages.TextBlockParam>().toExtend<
      Exclude<MessagesParams["messages"][number]["content"], string>[number]
    >();
    expectTypeOf<NonNullable<Theirs["tool_choice"]>>().toExtend<
      NonNullable<MessagesParams["tool_choice"]>
    >();
  });
});

test("errors are told apart", () => {
  const tell = (error: PointsmanAPIError) => {
    if (BadRequestError.isInstance(error)) return error.name;
    if (error instanceof RateLimitError) return error.name;
    return error;
  };
  expectTypeOf<ReturnType<typeof tell>>().toEqualTypeOf<
    "BadRequestError" | "RateLimitError" | PointsmanAPIError
  >();
});
