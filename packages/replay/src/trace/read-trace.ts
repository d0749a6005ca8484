import { readLines } from "./read-lines.ts";

/** One recorded request; field names of the trace file in this project's words. */
export type TraceRequest = {
  readonly id: string;
  /** Arrival, ms from the start of the trace. */
  readonly atMs: number;
  readonly session: string | null;
  readonly inTokens: number;
  readonly outTokens: number;
  /** Prefix blocks of 512 tokens; empty = shared with nothing. */
  readonly blocks: readonly number[];
  readonly model: string;
};

/** A recorded trace, sorted by arrival. */
export type Trace = {
  readonly name: string;
  /** Last arrival of the whole trace, also where `requests` is only its beginning. */
  readonly lengthMs: number;
  readonly requests: readonly TraceRequest[];
};

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** Checked by hand: a schema library takes longer for 20,000 lines than the replay itself. */
const parseRequest = (line: string): TraceRequest | string => {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    return "not JSON";
  }
  if (typeof content !== "object" || content === null) return "not an object";
  const fields: Readonly<Record<string, unknown>> = { ...content };
  const { id, t_ms, session, in_tokens, out_tokens, blocks = [], model = "m" } = fields;
  if (typeof id !== "string") return "id is no string";
  if (typeof t_ms !== "number" || !(t_ms >= 0)) return "t_ms is no time";
  if (!isCount(in_tokens)) return "in_tokens is no count";
  if (!isCount(out_tokens)) return "out_tokens is no count";
  if (session !== undefined && session !== null && typeof session !== "string") {
    return "session is no string";
  }
  if (!Array.isArray(blocks) || !blocks.every(isCount)) return "blocks is no list of ids";
  if (typeof model !== "string") return "model is no string";
  return {
    id,
    atMs: t_ms,
    session: session ?? null,
    inTokens: in_tokens,
    outTokens: out_tokens,
    blocks,
    model,
  };
};

/**
 * Reads a trace file (JSON lines, gzip if named `.gz`).
 *
 * @throws RangeError with the number of the line at fault; what the file system throws.
 */
export const readTrace = async (
  file: string,
  options: {
    /** Shown in reports. */
    readonly name: string;
    /** Keep only so many requests from the beginning. @default all */
    readonly limit?: number;
  },
): Promise<Trace> => {
  const { name, limit = Infinity } = options;
  const requests: TraceRequest[] = [];
  let lengthMs = 0;
  let number = 0;
  for await (const line of readLines(file)) {
    number += 1;
    if (line.trim() === "") continue;
    const request = parseRequest(line);
    if (typeof request === "string") throw new RangeError(`${file}, line ${number}: ${request}`);
    if (request.atMs < lengthMs) {
      throw new RangeError(`${file}, line ${number}: arrives before the line above`);
    }
    lengthMs = request.atMs;
    if (requests.length < limit) requests.push(request);
  }
  return { name, lengthMs, requests };
};
