import { z } from "zod";
import type { Answer, Placement, PolicyMessage } from "./messages.ts";

const breakpoint = z.object({ upto: z.number().min(0), ttl: z.enum(["5m", "1h"]) });

const placement = {
  provider: z.string(),
  cache: z.array(breakpoint).max(4).exactOptional(),
  ttft_timeout_ms: z.number().positive().exactOptional(),
  t_ms: z.number().exactOptional(),
  predicted_cost_usd: z.number().exactOptional(),
  predicted_ttft_ms: z.number().exactOptional(),
};

/** One attempt of a decision or a decision log. */
export const placementSchema = z.object(placement) satisfies z.ZodType<Placement>;

const policyMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), name: z.string() }),
  z.object({ type: z.literal("decision"), id: z.string(), ...placement }),
  z.object({ type: z.literal("give_up"), id: z.string() }),
]) satisfies z.ZodType<PolicyMessage>;

/**
 * Reads one line of a policy.
 *
 * @throws RangeError that quotes the line.
 */
export const parsePolicyMessage = (line: string): PolicyMessage => {
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    throw new RangeError(`not JSON: ${line.slice(0, 200)}`);
  }
  const parsed = policyMessage.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new RangeError(`${z.prettifyError(parsed.error)}: ${line.slice(0, 200)}`);
};

/** Whether a message answers a question about this request. */
export const isAnswerTo = (message: PolicyMessage, id: string): message is Answer =>
  message.type !== "ready" && message.id === id;
