import OpenAI from "openai";
import type { ClientOptions } from "openai";
import { SseReader } from "./http/sse.ts";
import { parseRoutingMetadata } from "./routing-metadata.ts";
import type { RoutingMetadata } from "./types/routing.ts";

type Fetch = typeof globalThis.fetch;

/** Hears the metadata of an answer at its end; `null` = there was none. */
type Listener = (metadata: RoutingMetadata | null) => void;

const metadataOf = (text: string): RoutingMetadata | undefined => {
  try {
    return parseRoutingMetadata(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** A stream that hands its bytes on as they come, and is read along. */
const readAlong = (body: ReadableStream<Uint8Array>, listener: Listener): ReadableStream => {
  const events = new SseReader();
  const reader = body.getReader();
  let last: RoutingMetadata | null = null;
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    listener(last);
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) {
            tell();
            controller.close();
            return;
          }
          for (const { data } of events.push(value)) {
            if (data.includes("routing_metadata")) last = metadataOf(data) ?? last;
          }
          controller.enqueue(value);
        } catch (error) {
          tell();
          controller.error(error);
        }
      },
      cancel: async (reason) => {
        tell();
        await reader.cancel(reason);
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
};

const withMetadata = async (response: Response, listener: Listener): Promise<Response> => {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream") && response.body !== null) {
    const { status, statusText, headers } = response;
    return new Response(readAlong(response.body, listener), { status, statusText, headers });
  }
  if (type.startsWith("application/json")) {
    listener(metadataOf(await response.clone().text()) ?? null);
  }
  return response;
};

/**
 * A `fetch` for any client, which notes the routing metadata of each answer.
 *
 * @param inner what sends. @default the platform's
 */
export const captureRoutingMetadata = (
  inner?: Fetch,
  onRoutingMetadata?: Listener,
): { readonly fetch: Fetch; readonly last: () => RoutingMetadata | null } => {
  let last: RoutingMetadata | null = null;
  const fetch: Fetch = async (input, init) => {
    last = null;
    const response = await (inner ?? globalThis.fetch)(input, init);
    return withMetadata(response, (metadata) => {
      last = metadata;
      onRoutingMetadata?.(metadata);
    });
  };
  return { fetch, last: () => last };
};

export type PointsmanOpenAIOptions = ClientOptions & {
  /** Hears the metadata of each answer at its end; `null` = there was none. */
  readonly onRoutingMetadata?: Listener;
};

/** The `openai` client, with the routing metadata of its last answer; of several at once, of the last to end. */
export class PointsmanOpenAI extends OpenAI {
  readonly #last: () => RoutingMetadata | null;

  constructor({ onRoutingMetadata, ...options }: PointsmanOpenAIOptions = {}) {
    const captured = captureRoutingMetadata(options.fetch, onRoutingMetadata);
    super({ ...options, fetch: captured.fetch });
    this.#last = captured.last;
  }

  /** Cleared when a request begins, set when its answer ends. */
  get lastRoutingMetadata(): RoutingMetadata | null {
    return this.#last();
  }
}
