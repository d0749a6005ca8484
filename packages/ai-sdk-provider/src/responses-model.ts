import { createOpenAI } from "@ai-sdk/openai";
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

type Fields = Readonly<Record<string, unknown>>;

/** The connection's `fetch`, which puts fields into every body. */
const fetchWith =
  ({ fetch }: Connection, fields: Fields, severalModels: boolean): typeof globalThis.fetch =>
  (input, init) => {
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : {};
    const { model, ...rest } = isFields(body) ? body : {};
    const sent = { ...(severalModels ? {} : { model }), ...rest, ...fields };
    return fetch(input, { ...init, body: JSON.stringify(sent) });
  };

/** A model on the Responses wire. Nothing is kept by the gateway: items are sent back whole. */
export class PointsmanResponsesModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly modelId: string;
  readonly provider: string;
  readonly supportedUrls = { "image/*": [/^https:\/\/.*$/u] };
  readonly #connection: Connection;
  readonly #settings: PointsmanOptions;

  constructor(modelId: string, settings: PointsmanOptions, connection: Connection) {
    this.modelId = modelId;
    this.provider = `${connection.name}.responses`;
    this.#settings = settings;
    this.#connection = connection;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const result = await asGatewaySays(() =>
      this.#model(options).doGenerate(this.#stateless(options)),
    );
    return withGatewayFacts(result, this.#connection.name);
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const raw = { ...this.#stateless(options), includeRawChunks: true };
    const result = await asGatewaySays(() => this.#model(options).doStream(raw));
    return readAlong(result, {
      name: this.#connection.name,
      rawWanted: options.includeRawChunks === true,
    });
  }

  #stateless(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
    const { providerOptions } = options;
    const openai = { store: false, ...providerOptions?.["openai"] };
    return { ...options, providerOptions: { ...providerOptions, openai } };
  }

  #model({ providerOptions }: LanguageModelV4CallOptions): LanguageModelV4 {
    const { name, baseURL, headers } = this.#connection;
    const { fields, severalModels } = bodyFieldsOf(this.#settings, providerOptions?.[name]);
    const { reasoning_effort: effort, ...others } = fields;
    const reasoning = effort === undefined ? {} : { reasoning: { effort } };
    const openai = createOpenAI({
      baseURL,
      // The key is among the headers.
      apiKey: "",
      headers: headers(),
      fetch: fetchWith(this.#connection, { ...reasoning, ...others }, severalModels),
    });
    return openai.responses(this.modelId);
  }
}
