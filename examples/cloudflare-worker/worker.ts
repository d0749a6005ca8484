// Core inside a Cloudflare-style Worker: no Node module is used, only `fetch`.
import { createRouterState } from "@pointsman/core";
import { answerChat } from "../embed/answer-chat.ts";
import { offerings } from "../embed/offerings.ts";

/** Variables and secrets of the Worker. */
export type Env = {
  readonly ACME_URL: string;
  readonly ACME_KEY: string;
  readonly ZENITH_URL: string;
  readonly ZENITH_KEY: string;
};

// Lives as long as the isolate: each learns for itself, in bounded memory.
const state = createRouterState({ offerings, prefixEntries: 8192 });

const worker = {
  fetch: async (request: Request, env: Env): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (request.method !== "POST" || pathname !== "/v1/chat/completions") {
      return Response.json({ error: { message: "not found" } }, { status: 404 });
    }
    const accounts = {
      acme: { baseUrl: env.ACME_URL, apiKey: env.ACME_KEY },
      zenith: { baseUrl: env.ZENITH_URL, apiKey: env.ZENITH_KEY },
    };
    return answerChat(state, accounts, request);
  },
};

export default worker;
