import { z } from "zod";
import { readLines } from "../trace/read-lines.ts";
import type { Placement } from "../protocol/messages.ts";
import { placementSchema } from "../protocol/placement.ts";
import type { Policy } from "./policy.ts";

const logLine = z.union([
  z.object({ id: z.string(), attempts: z.array(placementSchema).min(1) }),
  placementSchema.extend({ id: z.string() }),
]);

/** Attempts by request id. */
export type DecisionLog = ReadonlyMap<string, readonly Placement[]>;

/**
 * Reads a decision log (JSON lines, gzip if named `.gz`).
 *
 * @throws RangeError with the number of the line at fault.
 */
export const readDecisionLog = async (file: string): Promise<DecisionLog> => {
  const log = new Map<string, readonly Placement[]>();
  let number = 0;
  for await (const line of readLines(file)) {
    number += 1;
    if (line.trim() === "") continue;
    const parsed = logLine.safeParse(parseJson(line));
    if (!parsed.success) {
      throw new RangeError(`${file}, line ${number}: ${z.prettifyError(parsed.error)}`);
    }
    const { id, ...rest } = parsed.data;
    log.set(id, "attempts" in rest ? rest.attempts : [rest]);
  }
  return log;
};

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Repeats what a log says; a request without a line, or whose attempts run out, has failed. */
export const logPolicy = (log: DecisionLog): Policy => ({
  hello: () => ({ type: "ready", name: "log" }),
  decide: (message) => {
    const placement = log.get(message.id)?.[message.type === "retry" ? message.attempt - 1 : 0];
    return placement === undefined
      ? { type: "give_up", id: message.id }
      : { type: "decision", id: message.id, ...placement };
  },
  observe: () => {},
});
