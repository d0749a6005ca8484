import type {
  ChatCompletionParams,
  GatewayOptions,
  Optimize,
  ResponseParams,
  RoutingOptions,
} from "@pointsman/sdk";
import type { gatewayOptionsSchema, routingOptionsSchema } from "@pointsman/translate";
import type OpenAI from "openai";
import { describe, expectTypeOf, test } from "vitest";
import type { z } from "zod";

describe("types by hand and those of the schemas are the same", () => {
  test("routing options", () => {
    type Schema = z.output<typeof routingOptionsSchema>;
    expectTypeOf<RoutingOptions>().toExtend<Schema>();
    expectTypeOf<Schema>().toExtend<RoutingOptions>();
    expectTypeOf<keyof RoutingOptions>().toEqualTypeOf<keyof Schema>();
    expectTypeOf<Optimize>().toEqualTypeOf<NonNullable<Schema["optimize"]>>();
  });

  test("gateway options", () => {
    type Schema = z.output<typeof gatewayOptionsSchema>;
    expectTypeOf<GatewayOptions>().toExtend<Schema>();
    expectTypeOf<Schema>().toExtend<GatewayOptions>();
    expectTypeOf<keyof GatewayOptions>().toEqualTypeOf<keyof Schema>();
  });
});

describe("what is written for the openai package fits", () => {
  test("tools and messages", () => {
    type Theirs = OpenAI.Chat.Completions.ChatCompletionFunctionTool;
    type Ours = NonNullable<ChatCompletionParams["tools"]>[number];
    expectTypeOf<Ours>().toExtend<Theirs>();
    expectTypeOf<OpenAI.Chat.Completions.ChatCompletionSystemMessageParam>().toExtend<
      ChatCompletionParams["messages"][number]
    >();
    expectTypeOf<OpenAI.Chat.Completions.ChatCompletionToolMessageParam>().toExtend<
      ChatCompletionParams["messages"][number]
    >();
  });

  test("input of Responses", () => {
    expectTypeOf<string>().toExtend<ResponseParams["input"]>();
    expectTypeOf<OpenAI.Responses.ResponseFunctionToolCall>().toExtend<
      Exclude<ResponseParams["input"], string>[number]
    >();
  });
});
