import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startReplayServer } from "../support/replay-server.ts";
import type { ReplayServer } from "../support/replay-server.ts";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

const answer = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

describe("keys of the configuration", () => {
  let upstream: ReplayServer;
  let served: Served;

  beforeAll(async () => {
    upstream = await startReplayServer();
    upstream.play({
      contentType: "application/json",
      chunks: [Buffer.from(JSON.stringify(answer))],
    });
    const place = (model: string) => ({
      kind: "openai-compatible",
      preset: "openai",
      baseUrl: upstream.baseUrl,
      apiKey: "sk-upstream",
      models: { shared: { id: "shared-1" }, [model]: { id: `${model}-1` } },
    });
    served = await serve({
      env: { TEAM_KEY: "team-key-from-environment" },
      config: JSON.stringify({
        exploration: 0,
        keys: [
          { key: "everything" },
          { key: "${TEAM_KEY}", models: ["shared"], providers: ["one"] },
          { key: "reader", scopes: ["usage:read"] },
          { key: "old", expiresAt: "2020-01-01T00:00:00Z" },
        ],
        providers: { one: place("first"), two: place("second") },
      }),
    });
  });

  afterAll(async () => {
    await served.stop();
    await upstream.close();
  });

  const ask = (key: string, body: object) =>
    fetch(`${served.ready.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }], ...body }),
    });
  const codeOf = async (response: Response) =>
    ((await response.json()) as { error: { code: string } }).error.code;
  const listed = async (key: string) => {
    const response = await fetch(`${served.ready.url}/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  };

  it("see what their lists admit, and nothing else", async () => {
    expect(await listed("everything")).toEqual(["first", "second", "shared"]);
    expect(await listed("team-key-from-environment")).toEqual(["shared"]);
    const hidden = await ask("team-key-from-environment", { model: "first" });
    expect(hidden.status).toBe(404);
    expect(await codeOf(hidden)).toBe("model_not_found");
  });

  it("use the providers their lists admit", async () => {
    const good = await ask("team-key-from-environment", { model: "shared" });
    expect(good.headers.get("x-pointsman-provider")).toBe("one");
    const asked = { gateway: { routing: { providers: ["two"] } } };
    const bad = await ask("team-key-from-environment", { model: "shared", ...asked });
    expect(bad.status).toBe(400);
    expect(await codeOf(bad)).toBe("provider_not_in_allowlist");
    const other = await ask("everything", { model: "shared", ...asked });
    expect(other.headers.get("x-pointsman-provider")).toBe("two");
  });

  it("need the scope, and must not have expired", async () => {
    const reader = await ask("reader", { model: "shared" });
    expect([reader.status, await codeOf(reader)]).toEqual([403, "insufficient_permissions"]);
    expect(await listed("reader")).toHaveLength(3);
    const old = await ask("old", { model: "shared" });
    expect([old.status, await codeOf(old)]).toEqual([401, "expired_api_key"]);
  });

  it("stay secret: neither the provider's nor the caller's is ever shown or logged", async () => {
    expect(await listed("reader")).toBeDefined();
    const written = served.stdout() + served.stderr();
    for (const secret of ["team-key-from-environment", "sk-upstream", "everything"]) {
      expect(written).not.toContain(secret);
    }
  });

  it("a model without a known price costs an estimate of nothing, and says so", async () => {
    const response = await ask("everything", { model: "shared" });
    const { routing_metadata: metadata } = (await response.json()) as {
      routing_metadata: { cost: object };
    };
    expect(metadata.cost).toEqual({ usd: 0, estimated: true });
  });
});
