// Core inside a Hono server: one OpenAI-compatible route, and what was learned kept in the process.
import { createRouterState } from "@pointsman/core";
import { Hono } from "hono";
import { answerChat } from "../embed/answer-chat.ts";
import type { Accounts } from "../embed/answer-chat.ts";
import { offerings } from "../embed/offerings.ts";

export const createApp = (accounts: Accounts): Hono => {
  const state = createRouterState({ offerings });
  const app = new Hono();
  app.post("/v1/chat/completions", (context) => answerChat(state, accounts, context.req.raw));
  return app;
};
