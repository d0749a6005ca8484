import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Offering } from "@pointsman/core";
import { prefixChain } from "../cache/prefix-chain.ts";
import type { PrefixChain, PromptSegment } from "../cache/prefix-chain.ts";
import type { SimulatedFault } from "../fault.ts";
import { answer } from "../model/answer.ts";
import { emissionOf } from "../model/emission.ts";
import type { Emission } from "../model/emission.ts";
import { hash32, seededRandom } from "../model/seeded-random.ts";
import { admit } from "../wire/admit.ts";
import { Refusal } from "../wire/refusal.ts";
import type { Route, ServedWire, WireRequest } from "../wire/wire.ts";
import { createMeter } from "./meter.ts";
import { createPacer } from "./pacer.ts";
import type { ProviderContext } from "./provider-context.ts";
import { readBody } from "./read-body.ts";
import { writeJson } from "./write-json.ts";
import { writeAnswer } from "./write-answer.ts";

export type Call = {
  readonly context: ProviderContext;
  readonly apiKey: string;
  readonly wire: ServedWire;
  readonly route: Route;
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

const findOffering = ({ context, wire }: Call, request: WireRequest): Offering => {
  const named = context.offerings.filter(
    (one) =>
      one.providerModelId === request.model &&
      (one.wires.length === 0 || one.wires.includes(wire.name)),
  );
  const found =
    named.find((one) => one.tier === request.serviceTier) ??
    named.find((one) => one.tier === "standard") ??
    named[0];
  if (found !== undefined) return found;
  throw new Refusal({
    status: 404,
    message: `The model \`${request.model}\` does not exist or you do not have access to it.`,
    type: "not_found_error",
    code: "model_not_found",
  });
};

const chainOf = (
  call: Call,
  offering: Offering,
  segments: readonly PromptSegment[],
): PrefixChain => {
  const { mode, blockTokens } = offering.cache;
  const scope = `${call.apiKey}\n${offering.id}`;
  return prefixChain(scope, segments, mode === "none" ? Infinity : blockTokens);
};

const statusAnswer = (call: Call, fault: SimulatedFault & { readonly kind: "status" }) => {
  const refusal = new Refusal({
    status: fault.status,
    message: `The server answered with a simulated status ${fault.status}.`,
    type: fault.status >= 500 ? "server_error" : "requests",
    code: fault.status === 429 ? "rate_limit_exceeded" : null,
  });
  return {
    status: fault.status,
    body: fault.body ?? call.wire.errorBody(refusal),
    startMs: call.startMs,
    ...(fault.headers === undefined ? {} : { headers: fault.headers }),
  };
};

/** The part of a prompt that its caller's marks ask to keep: all of it on wires without marks. */
const markedPart = (chain: PrefixChain, call: Call, offering: Offering, request: WireRequest) => {
  const { marks } = request;
  if (marks === null || offering.cache.mode !== "explicit") return chain;
  const before = chainOf(call, offering, request.segments.slice(0, marks.segments));
  return { ...before, blocks: chain.blocks.slice(0, before.blocks.length) };
};

/**
 * Answers a call of any wire. The prompt is billed once its first token is due; then every token
 * that was written, however the call ends.
 *
 * @throws Refusal for requests it does not take
 */
export const answerCall = async (call: Call): Promise<void> => {
  const { context, apiKey, response, signal, startMs, wire } = call;
  const { headers, url } = call.request;
  const { body, bytes } = await readBody(call.request);
  context.journal.add({ apiKey, headers, path: url ?? "/", body, bytes });
  const model = call.route.model ?? (typeof body["model"] === "string" ? body["model"] : null);
  const fault = call.route.purpose === "count" ? null : context.faults.take(model);
  if (fault?.kind === "status") return writeJson(response, statusAnswer(call, fault));
  if (fault?.kind === "hang" && (fault.afterContentEvents ?? 0) === 0) return untilAborted(signal);

  const { request, callId, createWriter } = wire.read(body, call.route, headers);
  const offering = findOffering(call, request);
  const chain = chainOf(call, offering, request.segments);
  if (call.route.purpose === "count") {
    return writeJson(response, {
      status: 200,
      body: wire.countBody?.(chain.tokens) ?? {},
      startMs,
    });
  }
  const { reasoningEffort, maxTokens } = admit(offering, request, chain.tokens);
  const id = randomUUID().replaceAll("-", "");
  const prompt = { ...request.prompt, reasoningEffort };
  const emissions = Array.from({ length: request.choices }, (_, choice): Emission =>
    emissionOf(answer(prompt, context.seed, choice), {
      maxTokens,
      stop: request.stop,
      callId: (index) => callId(id, choice, index),
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
    const kept = markedPart(chain, call, offering, request);
    const cachedTokens = context.cache.write(kept, offering.cache, context.now());
    meter.startPrompt({
      promptTokens: chain.tokens,
      cacheReadTokens,
      cachedTokens,
      writeTtl: request.marks?.ttl ?? "5m",
    });
    await writeAnswer({
      response,
      signal,
      startMs,
      stream: request.stream,
      writer: createWriter({
        id,
        created: Math.floor(atMs / 1000),
        model: offering.providerModelId,
        serviceTier: offering.tier === "standard" ? "default" : offering.tier,
        fingerprint: `fp_${createHash("sha1").update(offering.id).digest("hex").slice(0, 10)}`,
      }),
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
