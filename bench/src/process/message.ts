import type { Child } from "./child.ts";

/** The origin a server announces in its first message with a `url`. */
export const urlOf = async (child: Child, timeoutMs: number): Promise<string> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { url } = await child.nextMessage(deadline - performance.now());
    if (typeof url === "string") return new URL(url).origin;
  }
};
