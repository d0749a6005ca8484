import { SseReader } from "./http/sse.ts";
import { parseRoutingMetadata } from "./routing-metadata.ts";
import type { RoutingMetadata } from "./types/routing.ts";

/** Hears the metadata of an answer at its end; `null` = there was none. */
export type RoutingMetadataListener = (metadata: RoutingMetadata | null) => void;

/** What of an answer's bytes is looked into, as they come. */
type Reader = {
  readonly push: (bytes: Uint8Array) => void;
  /** What was found so far. */
  readonly metadata: () => RoutingMetadata | null;
};

const metadataOf = (text: string): RoutingMetadata | null => {
  // Most events have none: they are not parsed for nothing.
  if (!text.includes('"routing_metadata"')) return null;
  try {
    return parseRoutingMetadata(JSON.parse(text)) ?? null;
  } catch {
    return null;
  }
};

const readEvents = (): Reader => {
  const events = new SseReader();
  let last: RoutingMetadata | null = null;
  return {
    push: (bytes) => {
      for (const { data } of events.push(bytes)) last = metadataOf(data) ?? last;
    },
    metadata: () => last,
  };
};

const readJson = (): Reader => {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  return {
    push: (bytes) => {
      pieces.push(decoder.decode(bytes, { stream: true }));
    },
    metadata: () => metadataOf(pieces.join("")),
  };
};

const readerOf = (contentType: string): Reader | null => {
  if (contentType.startsWith("text/event-stream")) return readEvents();
  return contentType.startsWith("application/json") ? readJson() : null;
};

/** A body that hands its bytes on as they come, and is read along; `ended` is called once. */
const readAlong = (
  body: ReadableStream<Uint8Array>,
  push: Reader["push"],
  ended: () => void,
): ReadableStream<Uint8Array> => {
  const source = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { value } = await source.read();
          if (value === undefined) {
            ended();
            controller.close();
            return;
          }
          push(value);
          controller.enqueue(value);
        } catch (error) {
          ended();
          controller.error(error);
        }
      },
      cancel: (reason) => {
        ended();
        return source.cancel(reason);
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
};

/** A listener that fails is the application's fault, as one of an event target is, and not the answer's. */
const tell = (listener: RoutingMetadataListener, metadata: RoutingMetadata | null): void => {
  try {
    listener(metadata);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

const withListener = (response: Response, listener: RoutingMetadataListener): Response => {
  const reader = readerOf(response.headers.get("content-type") ?? "");
  if (reader === null || response.body === null) return response;
  const body = readAlong(response.body, reader.push, () => tell(listener, reader.metadata()));
  const { status, statusText, headers, url } = response;
  const copy = new Response(body, { status, statusText, headers });
  // A response that is made has no address.
  Object.defineProperty(copy, "url", { value: url });
  return copy;
};

/**
 * A `fetch` for any client, which notes the routing metadata of each answer, whole or streamed. Bytes go on
 * unchanged as they come; the metadata is there when the body has ended, was cancelled, or failed.
 *
 * @param inner what sends. @default the platform's
 */
export const captureRoutingMetadata = (
  inner?: typeof globalThis.fetch,
  onRoutingMetadata?: RoutingMetadataListener,
): {
  readonly fetch: typeof globalThis.fetch;
  /** Of the last answer to end; `null` since a request began. */
  readonly last: () => RoutingMetadata | null;
} => {
  let last: RoutingMetadata | null = null;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    last = null;
    const response = await (inner ?? globalThis.fetch)(input, init);
    return withListener(response, (metadata) => {
      last = metadata;
      onRoutingMetadata?.(metadata);
    });
  };
  return { fetch, last: () => last };
};
