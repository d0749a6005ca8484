import type { CallerRequest } from "../request/caller-request.ts";

/** The same request for a provider whose bytes are to be read, not passed through. */
export const withoutPassThrough = (caller: CallerRequest): CallerRequest => ({
  ...caller,
  canPassThrough: false,
});

/** The same request with an answer to go on with as its last turn (`prefill`). */
export const withAnswerSoFar = (caller: CallerRequest, text: string): CallerRequest => {
  const neutral = caller.neutral();
  const turn = { role: "assistant", parts: [{ kind: "text", text }] } as const;
  const continued = { ...neutral, messages: [...neutral.messages, turn] };
  return { ...withoutPassThrough(caller), neutral: () => continued };
};
