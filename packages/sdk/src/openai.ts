import OpenAI from "openai";
import type { ClientOptions } from "openai";
import { captureRoutingMetadata } from "./capture-routing-metadata.ts";
import type { RoutingMetadataListener } from "./capture-routing-metadata.ts";
import { apiKeyOf, baseUrlOf } from "./http/environment.ts";
import type { RoutingMetadata } from "./types/routing.ts";

export { captureRoutingMetadata } from "./capture-routing-metadata.ts";
export type { RoutingMetadataListener } from "./capture-routing-metadata.ts";

export type PointsmanOpenAIOptions = ClientOptions & {
  /** Hears the metadata of each answer at its end; `null` = there was none. */
  readonly onRoutingMetadata?: RoutingMetadataListener;
};

/**
 * The `openai` client of a gateway, with the routing metadata of its last answer; of several at once, of the
 * last to end. Key and base URL are by default those of `Client`: OPENAI_API_KEY never goes to a gateway by itself.
 */
export class PointsmanOpenAI extends OpenAI {
  readonly #last: () => RoutingMetadata | null;

  /** @throws AuthenticationError (`missing_api_key`) if no key is given */
  constructor({ onRoutingMetadata, ...options }: PointsmanOpenAIOptions = {}) {
    const { fetch, last } = captureRoutingMetadata(options.fetch, onRoutingMetadata);
    super({
      ...options,
      apiKey: options.apiKey === undefined ? apiKeyOf(undefined) : options.apiKey,
      baseURL: baseUrlOf(options.baseURL ?? undefined),
      fetch,
    });
    this.#last = last;
  }

  /** `null` since a request began, and if its answer had none. */
  get lastRoutingMetadata(): RoutingMetadata | null {
    return this.#last();
  }
}
