import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createPresetAdapterFactory } from "@pointsman/provider-openai-compatible";
import { bodyOf, createLoopback, makeCall, run, textOf } from "../src/test-kit.ts";
import { nimbus } from "./nimbus.ts";

const loopback = createLoopback();
afterEach(() => loopback.close());

const repository = join(import.meta.dirname, "..", "..", "..");

test("docs/adding-a-provider.md shows this preset, and it is short", async () => {
  const page = await readFile(join(repository, "docs", "adding-a-provider.md"), "utf8");
  const source = await readFile(join(import.meta.dirname, "nimbus.ts"), "utf8");
  expect(page).toContain(source);
  expect(source.split("\n").length).toBeLessThan(60);
});

test("a preset of one's own makes a whole adapter", async () => {
  let body: Record<string, unknown> = {};
  let authorization: string | undefined;
  const adapter = await loopback.serve(
    createPresetAdapterFactory(nimbus),
    async (request, response) => {
      authorization = request.headers.authorization;
      body = await bodyOf(request);
      response.setHeader("content-type", "text/event-stream");
      const choice = { index: 0, delta: { content: "Rain." }, finish_reason: "stop" };
      const usage = { prompt_tokens: 9, completion_tokens: 2, prompt_cache_hit_tokens: 4 };
      response.end(`data: ${JSON.stringify({ id: "n1", choices: [choice], usage })}\n\n`);
    },
  );
  const { items, end } = await run(
    adapter,
    makeCall({ max_completion_tokens: 50, seed: 1, reasoning_effort: "high", temperature: 0.5 }),
  );
  expect(end).toMatchObject({ ok: true });
  expect(textOf(items)).toBe("Rain.");
  expect(items.findLast(({ kind }) => kind === "usage")).toMatchObject({
    usage: { inputTokens: 5, cacheReadTokens: 4, outputTokens: 2 },
  });
  expect(authorization).toMatch(/^Bearer sk-/);
  expect(body).toMatchObject({ max_tokens: 50, temperature: 0.5, thinking: { type: "enabled" } });
  for (const field of ["max_completion_tokens", "seed", "reasoning_effort"]) {
    expect(body).not.toHaveProperty(field);
  }
});

test("the vendor's own error codes mean what the preset says", async () => {
  const adapter = await loopback.serve(createPresetAdapterFactory(nimbus), (_, response) => {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: { code: "queue_full", message: "Full." } }));
  });
  const { end } = await run(adapter, makeCall());
  expect(end).toMatchObject({ ok: false, failure: { outcome: "rate_limited" } });
});
