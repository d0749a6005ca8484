import { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import { asGatewaySays, withGatewayFacts } from "./metadata.ts";
import { bodyFieldsOf, isFields } from "./options.ts";
import type { PointsmanOptions } from "./options.ts";
import { readAlong } from "./read-along.ts";
import type { Connection } from "./settings.ts";
import {
  blocksField,
  contentWithSignatures,
  StreamSignatures,
  withSignatures,
} from "./signatures.ts";

/** Names the client to the gateway: its answers are given whole, with blocks of reasoning. */
const userAgent = "pointsman-provider";

/** Puts blocks of reasoning by, which the AI SDK's own reader of this wire refuses. */
const putBlocksBy = (body: unknown): unknown => {
  if (!isFields(body) || !Array.isArray(body["choices"])) return body;
  const choices = body["choices"].map((choice: unknown) => {
    if (!isFields(choice) || !isFields(choice["message"])) return choice;
    const { reasoning, ...message } = choice["message"];
    return Array.isArray(reasoning)
      ? { ...choice, message: { ...message, [blocksField]: reasoning } }
      : choice;
  });
  return { ...body, choices };
};

/** The connection's `fetch`, for this wire. */
const fetchOf =
  ({ fetch }: Connection): typeof globalThis.fetch =>
  async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("user-agent", userAgent);
    const response = await fetch(input, { ...init, headers });
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || !type.startsWith("application/json")) return response;
    const { status, statusText } = response;
    const answer = new Headers(response.headers);
    answer.delete("content-length");
    const body = putBlocksBy(await response.json());
    return new Response(JSON.stringify(body), { status, statusText, headers: answer });
  };

/** A model on the chat wire. */
export class PointsmanChatModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly modelId: string;
  readonly provider: string;
  readonly supportedUrls = { "image/*": [/^https:\/\/.*$/u] };
  readonly #connection: Connection;
  readonly #settings: PointsmanOptions;

  constructor(modelId: string, settings: PointsmanOptions, connection: Connection) {
    this.modelId = modelId;
    this.provider = `${connection.name}.chat`;
    this.#settings = settings;
    this.#connection = connection;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { name } = this.#connection;
    const result = await asGatewaySays(() => this.#model(options).doGenerate(options));
    const content = contentWithSignatures(result.content, result.response?.body, name);
    return withGatewayFacts({ ...result, content }, name);
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { name } = this.#connection;
    const raw = { ...options, includeRawChunks: true };
    const result = await asGatewaySays(() => this.#model(options).doStream(raw));
    const signatures = new StreamSignatures(name);
    return readAlong(result, {
      name,
      rawWanted: options.includeRawChunks === true,
      seen: (chunk) => signatures.seen(chunk),
      change: (part) => signatures.sign(part),
    });
  }

  /** A model of the AI SDK's for this one call, whose body knows the call's prompt and options. */
  #model({
    prompt,
    providerOptions,
  }: LanguageModelV4CallOptions): OpenAICompatibleChatLanguageModel {
    const { name, baseURL, headers } = this.#connection;
    const { fields, severalModels } = bodyFieldsOf(this.#settings, providerOptions?.[name]);
    return new OpenAICompatibleChatLanguageModel(this.modelId, {
      provider: `${name}.chat`,
      url: ({ path }) => `${baseURL}${path}`,
      headers,
      fetch: fetchOf(this.#connection),
      includeUsage: true,
      supportsStructuredOutputs: true,
      supportedUrls: () => this.supportedUrls,
      transformRequestBody: (body) => {
        const {
          model,
          models: _models,
          ...rest
        } = withSignatures({ ...body, ...fields }, prompt, name);
        return severalModels ? rest : { model, ...rest };
      },
    });
  }
}
