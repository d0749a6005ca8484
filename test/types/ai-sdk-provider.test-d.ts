import { createPointsman, pointsman } from "@pointsman/ai-sdk-provider";
import type {
  PointsmanMetadata,
  PointsmanOptions,
  PointsmanProvider,
} from "@pointsman/ai-sdk-provider";
import type { GatewayOptions, RoutingMetadata } from "@pointsman/sdk";
import { createProviderRegistry } from "ai";
import type { LanguageModel } from "ai";
import { expectTypeOf, test } from "vitest";

test("models are the AI SDK's, whatever they are asked for by", () => {
  expectTypeOf(pointsman("m")).toExtend<LanguageModel>();
  expectTypeOf(pointsman.chat("m")).toExtend<LanguageModel>();
  expectTypeOf(pointsman.responses("m")).toExtend<LanguageModel>();
  expectTypeOf(pointsman.languageModel("m")).toExtend<LanguageModel>();
});

test("the provider is one of the AI SDK's, which its registry takes", () => {
  const registry = createProviderRegistry({ pointsman });
  expectTypeOf(registry.languageModel("pointsman:m")).toExtend<LanguageModel>();
});

test("it is made with settings, all of which may be left out", () => {
  expectTypeOf(createPointsman()).toEqualTypeOf<PointsmanProvider>();
  const settings = { apiKey: "k", baseURL: "u", headers: { a: "b" }, fetch, name: "n" };
  expectTypeOf(createPointsman(settings)).toEqualTypeOf<PointsmanProvider>();
  // @ts-expect-error it is baseURL, as everywhere in the AI SDK
  createPointsman({ baseUrl: "u" });
});

test("options of a model are the client's own, and any field of the wire's body", () => {
  expectTypeOf<PointsmanOptions["gateway"]>().toEqualTypeOf<GatewayOptions | undefined>();
  pointsman("m", { gateway: { routing: { optimize: "cost" } }, top_k: 5 });
  // @ts-expect-error no such goal
  pointsman("m", { gateway: { routing: { optimize: "speed" } } });
  // @ts-expect-error no such option
  pointsman("m", { gateway: { routing: { optimise: "cost" } } });
});

test("metadata are the client's own", () => {
  expectTypeOf<PointsmanMetadata["routing_metadata"]>().toEqualTypeOf<
    RoutingMetadata | undefined
  >();
});
