import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Offering } from "@pointsman/core";
import { prefixChain } from "../cache/prefix-chain.ts";
import type { PrefixChain } from "../cache/prefix-chain.ts";
import type { SimulatedFault } from "../fault.ts";
import { answer } from "../model/answer.ts";
import { emissionOf } from "../model/emission.ts";
import type { Emission } from "../model/emission.ts";
import { hash32, seededRandom } from "../model/seeded-random.ts";
import { admit } from "../wire/admit.ts";
import { readChatRequest } from "../wire/openai-chat-request.ts";
import type { ChatRequest } from "../wire/openai-chat-request.ts";
import { Refusal } from "../wire/refusal.ts";
import { createMeter } from "./meter.ts";
import { createPacer } from "./pacer.ts";
import type { ProviderContext } from "./provider-context.ts";
import { readBody } from "./read-body.ts";
import { writeJson } from "./write-json.ts";
import { writeAnswer } from "./write-answer.ts";

export type ChatCall = {
  readonly context: ProviderContext;
  readonly apiKey: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the caller goes or the server stops. */
  readonly signal: AbortSignal;
  /** When the request arrived, on the clock of `performance.now()`. */
  readonly startMs: number;
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const findOffering = (context: ProviderContext, request: ChatRequest): Offering => {
  const named = context.offerings.filter((one) => one.providerModelId === request.model);
  const found =
    named.find((one) => one.tier === request.serviceTier) ??
    named.find((one) => one.tier === "standard") ??
    named[0];
  if (found !== undefined) return found;
  throw new Refusal({
    status: 404,
    message: `The model \`${request.model}\` does not exist or you do not have access to it.`,
    code: "model_not_found",
  });
};

const chainOf = (call: ChatCall, offering: Offering, request: ChatRequest): PrefixChain => {
  const { mode, blockTokens } = offering.cache;
  const scope = `${call.apiKey}\n${offering.id}`;
  return prefixChain(scope, request.segments, mode === "none" ? Infinity : blockTokens);
};

const statusAnswer = (fault: SimulatedFault & { readonly kind: "status" }, startMs: number) => {
  const refusal = new Refusal({
    status: fault.status,
    message: `The server answered with a simulated status ${fault.status}.`,
    type: fault.status >= 500 ? "server_error" : "requests",
    code: fault.status === 429 ? "rate_limit_exceeded" : null,
  });
  return {
    status: fault.status,
    body: fault.body ?? refusal.body,
    startMs,
    ...(fault.headers === undefined ? {} : { headers: fault.headers }),
  };
};

/**
 * `POST /v1/chat/completions`. The prompt is billed once its first token is due; then every token
 * that was written, however the call ends.
 *
 * @throws Refusal for requests it does not take
 */
export const answerChat = async (call: ChatCall): Promise<void> => {
  const { context, apiKey, response, signal, startMs } = call;
  const { body, bytes } = await readBody(call.request);
  context.journal.add({ apiKey, headers: call.request.headers, body, bytes });
  const model = typeof body["model"] === "string" ? body["model"] : null;
  const fault = context.faults.take(model);
  if (fault?.kind === "status") return writeJson(response, statusAnswer(fault, startMs));
  if (fault?.kind === "hang" && (fault.afterContentEvents ?? 0) === 0) return untilAborted(signal);

  const request = readChatRequest(body);
  const offering = findOffering(context, request);
  const chain = chainOf(call, offering, request);
  const { reasoningEffort, maxTokens } = admit(offering, request, chain.tokens);
  const id = randomUUID().replaceAll("-", "");
  const prompt = { ...request.prompt, reasoningEffort };
  const emissions = Array.from({ length: request.choices }, (_, choice): Emission =>
    emissionOf(answer(prompt, context.seed, choice), {
      maxTokens,
      stop: request.stop,
      callId: (index) => `call_${digest(`${id}:${choice}:${index}`).slice(0, 24)}`,
    }),
  );

  const atMs = context.now();
  const cacheReadTokens = context.cache.read(chain, offering.cache, atMs);
  const { latency } = context;
  const random = seededRandom(`${id}:${hash32(context.id)}`);
  const sway = 1 + latency.jitter * (2 * random.next() - 1);
  const uncachedMs = ((chain.tokens - cacheReadTokens) / 1000) * latency.ttftMsPer1kUncached;
  const ttftMs = (latency.connectMs + latency.ttftBaseMs + uncachedMs) * sway;
  const pacer = createPacer(context.pace, signal);
  const meter = createMeter({ ledger: context.ledger, apiKey, offering, atMs });
  try {
    if (!(await pacer.until(ttftMs))) return;
    const cachedTokens = context.cache.write(chain, offering.cache, context.now());
    meter.startPrompt({ promptTokens: chain.tokens, cacheReadTokens, cachedTokens });
    await writeAnswer({
      response,
      signal,
      startMs,
      stream: request.stream,
      includeUsage: request.includeUsage,
      head: {
        id: `chatcmpl-${id.slice(0, 29)}`,
        created: Math.floor(atMs / 1000),
        model: offering.providerModelId,
        serviceTier: offering.tier === "standard" ? "default" : offering.tier,
        topLogprobs: request.topLogprobs,
        fingerprint: `fp_${digest(offering.id).slice(0, 10)}`,
      },
      emissions,
      meter,
      pace: (step) => pacer.until(ttftMs + step * latency.tokenMs * sway),
      fault,
      hang: () => untilAborted(signal),
    });
  } finally {
    meter.bill();
  }
};

const digest = (text: string): string => createHash("sha1").update(text).digest("hex");
