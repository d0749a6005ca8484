import { createRouterState } from "@pointsman/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Ask, Lab } from "../failover/lab.ts";
import { answers, calls, cuts, afterWords, fails, hangs } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import type { Wire } from "../failover/wire-answer.ts";
import { engineOfLab } from "./engine-of-lab.ts";

/** Headers of the connection, not of the answer. */
const ofConnection = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);
/** What differs from one request to the next. */
const ofOneRequest = new Set([
  "request-id",
  "x-request-id",
  "x-pointsman-decision-id",
  "x-pointsman-overhead-ms",
  "content-length",
]);

const headersOf = ({ headers }: Response): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => !ofConnection.has(name))
      .map(([name, value]) => [name, ofOneRequest.has(name) ? "its own" : value]),
  );

/** A body without ids that were made for it, times and speeds. */
const settled = (body: string): string =>
  body
    .replaceAll(
      /"(?<kind>(?:req|dec|chatcmpl|resp|msg|rs|fc)[-_])[A-Za-z0-9]{16,}(?<part>_\d+)?"/gu,
      '"$<kind>…$<part>"',
    )
    .replaceAll(
      /"(?<name>created|created_at|completed_at|ttft_ms|throughput_tps|duration_ms)":[\d.]+/gu,
      '"$<name>":0',
    );

const answerOf = async (asked: Promise<Response>) => {
  const response = await asked;
  const body = settled(await response.text());
  return { status: response.status, headers: headersOf(response), body };
};

describe.each(["chat", "responses", "messages", "gemini"] as const)("providers: %s", (wire) => {
  const wires: readonly Wire[] = [wire, wire];
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab(wires);
  });
  afterAll(() => lab.close());

  /** The same request by HTTP and in process, each before an engine that knows nothing yet. */
  const both = async ([first, second = answers]: readonly Act[], ask: Ask) => {
    const { engine } = lab.gateway;
    engine.adopt(createRouterState({ offerings: engine.offerings, exploration: 0 }));
    const local = engineOfLab(lab, wires, { docsBaseUrl: new URL(lab.url).origin });
    const { url, init } = lab.request(ask);
    const play = (): void => {
      lab.upstreams[0]?.play(first ?? answers);
      lab.upstreams[1]?.play(second);
    };
    play();
    const served = await answerOf(fetch(url, init));
    play();
    const embedded = await answerOf(local.fetch(url, init));
    await local.engine.close();
    return { served, embedded };
  };

  // What only Responses serves is no model for chat.
  const callers = surfaces.filter((surface) => wire !== "responses" || surface !== "chat");

  describe.each(callers)("callers: %s", (surface) => {
    test.each([false, true])("an answer, stream: %s", async (stream) => {
      const { served, embedded } = await both([answers], { surface, stream });
      expect(embedded).toEqual(served);
      expect(embedded.status).toBe(200);
      expect(embedded.body).toContain('"routing_metadata":{"provider":"p0"');
      expect(embedded.headers["x-pointsman-attempts"]).toBe("1");
    });

    test("a call, and an explanation", async () => {
      const tool = { name: "get_weather", description: "Tells it." };
      const schema = { type: "object", properties: { city: { type: "string" } } };
      const tools = {
        chat: [{ type: "function", function: { ...tool, parameters: schema } }],
        responses: [{ type: "function", ...tool, parameters: schema }],
        messages: [{ ...tool, input_schema: schema }],
      };
      const { served, embedded } = await both([calls(answers)], {
        surface,
        stream: true,
        body: { tools: tools[surface] },
      });
      expect(embedded).toEqual(served);
      expect(embedded.body).toContain("get_weather");
    });

    // Errors are told alike whatever wire they come from.
    if (wire !== "chat") return;

    test("a refused request, and models nobody knows", async () => {
      const cases = [
        { body: { temperature: "hot" } },
        { body: { model: "nobody" } },
        { routing: { optimise: "cost" } },
        { routing: { providers: ["p9"], data_policy: "zdr" } },
      ];
      for (const ask of cases) {
        const { served, embedded } = await both([answers], { surface, ...ask });
        expect(embedded).toEqual(served);
        expect(embedded.status).toBeGreaterThanOrEqual(400);
      }
    });

    test("what providers refuse, and what they fail by", async () => {
      const outcomes: (readonly [Act, number])[] = [
        [fails(400, { message: "no such field" }), 400],
        [fails(401), 502],
        [fails(429, { headers: { "retry-after": "7" } }), 429],
        [fails(500), 502],
      ];
      for (const [act, status] of outcomes) {
        const routing = { allow_fallbacks: false };
        const { served, embedded } = await both([act, act], { surface, stream: false, routing });
        expect(embedded).toEqual(served);
        expect(embedded.status).toBe(status);
      }
    });

    test("nobody who answers in time", async () => {
      const routing = { allow_fallbacks: false, timeout_ms: 100 };
      const { served, embedded } = await both([hangs], { surface, stream: false, routing });
      expect(embedded).toEqual(served);
      expect(embedded.status).toBe(504);
    });

    test("the next provider answers, and a stream that cannot be saved says so", async () => {
      const rescued = await both([fails(500), answers], { surface, stream: true });
      expect(rescued.embedded).toEqual(rescued.served);
      expect(rescued.embedded.headers["x-pointsman-provider"]).toBe("p1");
      const routing = { allow_fallbacks: false };
      const cut = afterWords(3, cuts);
      const broken = await both([cut], { surface, stream: true, routing });
      expect(broken.embedded).toEqual(broken.served);
      expect(broken.embedded.body).toContain("upstream_error");
    });
  });
});
