import type { Policy } from "../policy/policy.ts";
import type { PolicyMessage } from "./messages.ts";
import { parseDriverMessage } from "./parse-driver-message.ts";

/**
 * The policy's side of the line protocol: answers every `hello`, `request` and `retry` of the lines,
 * and returns after `end` or when the lines do. A line that cannot be read is reported; a request it
 * asked about is given up, so that the driver never waits in vain.
 */
export const servePolicy = async (options: {
  readonly policy: Policy;
  readonly lines: AsyncIterable<string>;
  /** Takes one message, a line without its break. */
  readonly write: (line: string) => void;
  /** Hears of lines that cannot be read. */
  readonly onBroken: (reason: string) => void;
}): Promise<void> => {
  const { policy, lines } = options;
  const write = (message: PolicyMessage): void => {
    options.write(JSON.stringify(message));
  };
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const read = parseDriverMessage(line);
    if (read.type === "ignored") continue;
    if (read.type === "broken") {
      options.onBroken(`line ${number}: ${read.reason}`);
      if (read.askedFor !== null) write({ type: "give_up", id: read.askedFor });
      continue;
    }
    const { message } = read;
    if (message.type === "end") break;
    if (message.type === "event") policy.observe(message);
    else if (message.type === "hello") write(await policy.hello(message));
    else write(await policy.decide(message));
  }
  await policy.end?.();
};
