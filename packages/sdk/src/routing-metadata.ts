import { isRecord } from "./is-record.ts";
import type { GatewayOptions, RoutingMetadata } from "./types/routing.ts";

/**
 * The routing metadata of an answer, a chunk or a terminal event of any surface, whatever client read it;
 * `undefined` = there is none. Never throws.
 */
export const parseRoutingMetadata = (answer: unknown): RoutingMetadata | undefined => {
  if (!isRecord(answer)) return undefined;
  const nested = isRecord(answer["response"]) ? answer["response"]["routing_metadata"] : undefined;
  const metadata = answer["routing_metadata"] ?? nested;
  if (!isRecord(metadata) || !isRecord(metadata["cost"])) return undefined;
  const isWhole =
    typeof metadata["provider"] === "string" &&
    typeof metadata["provider_model_id"] === "string" &&
    typeof metadata["model_canonical"] === "string" &&
    typeof metadata["routing_strategy"] === "string" &&
    typeof metadata["cost"]["usd"] === "number";
  // Its required fields were looked at.
  return isWhole ? (metadata as RoutingMetadata) : undefined;
};

/** Gateway options as a part of another client's body. */
export const toExtraBody = (options: GatewayOptions): { gateway: GatewayOptions } => ({
  gateway: options,
});
