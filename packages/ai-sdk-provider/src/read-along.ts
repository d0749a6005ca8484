import type {
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  SharedV4Headers,
} from "@ai-sdk/provider";
import { parseRoutingMetadata } from "@pointsman/sdk";
import type { RoutingMetadata } from "@pointsman/sdk";
import { withMetadata } from "./metadata.ts";

/**
 * A stream whose finish has the gateway's metadata. It was asked for with raw chunks, which go on only if the
 * caller wants them.
 */
export const readAlong = (
  result: LanguageModelV4StreamResult,
  options: {
    readonly name: string;
    readonly rawWanted: boolean;
    readonly seen?: (chunk: unknown) => void;
    readonly change?: (part: LanguageModelV4StreamPart) => LanguageModelV4StreamPart;
  },
): LanguageModelV4StreamResult => {
  const { name, rawWanted, seen, change = (part) => part } = options;
  const headers: SharedV4Headers | undefined = result.response?.headers;
  let routing: RoutingMetadata | undefined;
  const reading = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
    transform: (part, controller) => {
      if (part.type === "raw") {
        routing = parseRoutingMetadata(part.rawValue) ?? routing;
        seen?.(part.rawValue);
        if (rawWanted) controller.enqueue(part);
        return;
      }
      if (part.type === "finish") {
        const known = part.providerMetadata;
        const providerMetadata = withMetadata(known, name, { routing, headers });
        controller.enqueue({ ...part, providerMetadata });
        return;
      }
      controller.enqueue(change(part));
    },
  });
  return { ...result, stream: result.stream.pipeThrough(reading) };
};
