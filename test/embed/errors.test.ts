import Anthropic from "@anthropic-ai/sdk";
import { createRouterState } from "@pointsman/core";
import {
  BadRequestError,
  Client,
  NotFoundError,
  PointsmanAPIError,
  RateLimitError,
} from "@pointsman/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startInProcess } from "./in-process.ts";
import type { InProcess } from "./in-process.ts";

let local: InProcess;
beforeAll(async () => {
  local = await startInProcess({
    timeouts: { answerMs: 300 },
    workspace: { routing: { allow_fallbacks: false } },
  });
});
beforeEach(() => {
  for (const { id } of local.world.providers) local.world.setFault(id, null);
});
afterAll(() => local.close());

type Case = {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly fault?: Parameters<InProcess["world"]["setFault"]>[1];
  readonly status: number;
  readonly code: string;
  readonly openai: abstract new (...args: never[]) => Error;
  readonly anthropic: abstract new (...args: never[]) => Error;
  readonly sdk: { isInstance(error: unknown): boolean };
  readonly isRetryable: boolean;
};

const cases: Readonly<Record<string, Case>> = {
  "a wrong field": {
    body: { temperature: "hot" },
    status: 400,
    code: "invalid_parameter_value",
    openai: OpenAI.BadRequestError,
    anthropic: Anthropic.BadRequestError,
    sdk: BadRequestError,
    isRetryable: false,
  },
  "an unknown model": {
    body: { model: "claude-sonnet-4-55" },
    status: 404,
    code: "model_not_found",
    openai: OpenAI.NotFoundError,
    anthropic: Anthropic.NotFoundError,
    sdk: NotFoundError,
    isRetryable: false,
  },
  "a provider that is rate limited": {
    fault: { kind: "status", status: 429, headers: { "retry-after": "7" } },
    status: 429,
    code: "rate_limit_exceeded",
    openai: OpenAI.RateLimitError,
    anthropic: Anthropic.RateLimitError,
    sdk: RateLimitError,
    isRetryable: true,
  },
  "a provider that takes no key": {
    fault: { kind: "status", status: 401 },
    status: 502,
    code: "upstream_error",
    openai: OpenAI.InternalServerError,
    anthropic: Anthropic.InternalServerError,
    sdk: PointsmanAPIError,
    isRetryable: false,
  },
  "a provider that says nothing": {
    fault: { kind: "hang" },
    status: 504,
    code: "upstream_timeout",
    openai: OpenAI.InternalServerError,
    anthropic: Anthropic.InternalServerError,
    sdk: PointsmanAPIError,
    isRetryable: true,
  },
};

/** What a call fails with. */
const errorOf = async (call: Promise<unknown>): Promise<Error> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error("it was answered");
};

test.each(Object.entries(cases))("%s", async (_name, one) => {
  const { engine } = local;
  const place = "anthropic";
  const messages = [{ role: "user" as const, content: "Hello!" }];
  const body = { model: "claude-sonnet-4-5", max_tokens: 100, messages, ...one.body };
  const clients = {
    openai: () =>
      new OpenAI({ apiKey: "none", fetch: local.fetch, maxRetries: 0 }).chat.completions.create(
        body,
      ),
    anthropic: () =>
      new Anthropic({ apiKey: "none", fetch: local.fetch, maxRetries: 0 }).messages.create(body),
    sdk: () =>
      new Client({ apiKey: "none", fetch: local.fetch, maxRetries: 0 }).chat.completions.create(
        body,
      ),
  };
  for (const [name, call] of Object.entries(clients)) {
    local.world.setFault(place, one.fault ?? null);
    // As if nothing had failed before.
    engine.adopt(createRouterState({ offerings: engine.offerings, exploration: 0 }));
    const error = await errorOf(call());
    const wanted = name === "anthropic" ? one.anthropic : one.openai;
    if (name === "sdk") expect(one.sdk.isInstance(error)).toBe(true);
    else expect(error).toBeInstanceOf(wanted);
    expect(error).toMatchObject(
      name === "sdk"
        ? { statusCode: one.status, code: one.code }
        : name === "openai"
          ? { status: one.status, code: one.code }
          : { status: one.status, error: { error: { details: { error_code: one.code } } } },
    );
    if (name === "openai") {
      const { headers } = error as InstanceType<typeof OpenAI.APIError>;
      expect(headers?.get("x-should-retry")).toBe(String(one.isRetryable));
      if (one.status === 429) expect(headers?.get("retry-after")).toBe("7");
    }
    if (one.code === "model_not_found" && name === "sdk") {
      expect(error).toMatchObject({ suggestion: expect.stringContaining("claude-sonnet-4-5") });
    }
  }
});

test("a path that is not there, for each family of clients", async () => {
  const openai = new OpenAI({ apiKey: "none", fetch: local.fetch });
  const embedding = errorOf(openai.embeddings.create({ model: "gpt-5.4", input: "Hello!" }));
  expect(await embedding).toMatchObject({ status: 404, code: "resource_not_found" });
  const anthropic = new Anthropic({ apiKey: "none", fetch: local.fetch });
  expect(await errorOf(anthropic.messages.batches.list())).toMatchObject({
    status: 404,
    error: { type: "error", error: { type: "not_found_error" } },
  });
});
