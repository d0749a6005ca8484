import type { NeutralRequest } from "./request.ts";

/** What only one wire knows keeps its mark as that wire says it. */
const isMarkedNative = (json: Readonly<Record<string, unknown>>): boolean =>
  (json["cache_control"] ?? null) !== null;

/** Whether the caller set any cache mark of its own, which switches ours off. */
export const hasCacheMarks = (request: NeutralRequest): boolean =>
  request.cache !== undefined ||
  request.tools.some(({ cache }) => cache !== undefined) ||
  (request.hostedTools ?? []).some(({ json }) => isMarkedNative(json)) ||
  request.messages.some(({ parts }) =>
    parts.some((part) =>
      part.kind === "native"
        ? isMarkedNative(part.json)
        : "cache" in part && part.cache !== undefined,
    ),
  );
