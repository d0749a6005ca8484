import type { NeutralRequest } from "./request.ts";

/** Whether the caller set any cache mark of its own, which switches ours off. */
export const hasCacheMarks = (request: NeutralRequest): boolean =>
  request.cache !== undefined ||
  request.tools.some(({ cache }) => cache !== undefined) ||
  request.messages.some(({ parts }) =>
    parts.some((part) => "cache" in part && part.cache !== undefined),
  );
