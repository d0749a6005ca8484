import type { Candidate, RouterState, Usage } from "@pointsman/core";
import { z } from "zod";
import { outcomeOf, outcomeOfError, retryAfterMsOf } from "./outcome.ts";
import { route } from "./route.ts";
import type { Ended } from "./route.ts";
import { routingRequest } from "./routing-request.ts";

/** Where each provider is reached, and with which key. */
export type Accounts = Readonly<
  Record<string, { readonly baseUrl: string; readonly apiKey: string }>
>;

/** The part of a chat request that is looked at; all else goes to the provider as it came. */
const chatSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
  max_tokens: z.int().positive().optional(),
  stream: z.literal(false, "this example does not stream").optional(),
});

const count = z.int().nonnegative();
const replySchema = z.object({
  usage: z.object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count.default(0) }).optional(),
  }),
});

/** OpenAI counts cached tokens among the prompt's; core's buckets are disjoint. */
const usageOf = (reply: unknown): Usage | null => {
  const parsed = replySchema.safeParse(reply);
  if (!parsed.success) return null;
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = parsed.data.usage;
  const cacheReadTokens = prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens: prompt_tokens - cacheReadTokens,
    cacheReadTokens,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: completion_tokens,
    reasoningTokens: 0,
  };
};

const error = (status: number, message: string): Response =>
  Response.json({ error: { message, type: "invalid_request_error" } }, { status });

/** Answers one OpenAI chat request at whichever account is best for it. `fetch` is all it needs. */
export const answerChat = async (
  state: RouterState,
  accounts: Accounts,
  asked: Request,
): Promise<Response> => {
  const body: unknown = await asked.json().catch(() => null);
  const parsed = chatSchema.safeParse(body);
  if (!parsed.success) return error(400, z.prettifyError(parsed.error));
  const chat = parsed.data;

  const call = async ({ offering }: Candidate): Promise<Ended<Response>> => {
    const account = accounts[offering.provider];
    const failed = { status: null, retryAfterMs: null, usage: null, answer: null };
    if (account === undefined) return { ...failed, outcome: "auth_error" };
    try {
      const response = await fetch(`${account.baseUrl}/chat/completions`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${account.apiKey}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ ...chat, model: offering.providerModelId }),
        signal: AbortSignal.timeout(60_000),
      });
      const { status } = response;
      const reply: unknown = await response.json();
      return {
        outcome: outcomeOf(status),
        status,
        retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")),
        usage: usageOf(reply),
        answer: Response.json(reply, { status }),
      };
    } catch (caught) {
      return { ...failed, outcome: outcomeOfError(caught) };
    }
  };

  const request = routingRequest({
    model: chat.model,
    messages: chat.messages,
    ...(chat.max_tokens === undefined ? {} : { maxOutputTokens: chat.max_tokens }),
    providers: Object.keys(accounts),
  });
  const { answer, failure, provider, costUsd, attempts } = await route(state, request, call);
  const response =
    answer ?? error(failure === "model_not_found" ? 404 : 503, failure ?? "no answer");
  response.headers.set("x-attempts", attempts.join(", "));
  if (provider !== null) response.headers.set("x-provider", provider);
  if (costUsd !== null) response.headers.set("x-cost-usd", String(costUsd));
  return response;
};
