import { Agent, request as httpRequest } from "node:http";
import { createMemoryStores } from "@pointsman/store";
import { isErrorCode } from "@pointsman/translate";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import type { Json } from "../manage/client.ts";

/** @default enough for every run; POINTSMAN_FUZZ_RUNS=100000 for a thorough one */
const runs = Number(process.env["POINTSMAN_FUZZ_RUNS"] ?? 6000);

let lab: Lab;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
beforeAll(async () => {
  lab = await startLab(["chat", "messages"], { stores: createMemoryStores() });
});
afterAll(async () => {
  agent.destroy();
  await lab.close();
});

type Answer = { readonly status: number; readonly text: string };

const send = (path: string, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const url = new URL(`${lab.url}${path}`);
    const call = httpRequest(
      url,
      { method: "POST", agent, headers: { authorization: "Bearer pk-lab" } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("user", "text", "lab", "auto"));
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, 0, -1, 1e308, "", [], {}) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
const names = [
  "model",
  "messages",
  "input",
  "tools",
  "tool_choice",
  "stream",
  "max_tokens",
  "temperature",
  "gateway",
  "extensions",
  "response_format",
  "reasoning_effort",
  "reasoning",
  "thinking",
  "text",
  "system",
  "stop",
  "n",
  "logit_bias",
  "metadata",
  "functions",
  "include",
] as const;
const part = fc.record(
  {
    type: fc.constantFrom("text", "image_url", "input_text", "tool_result", "thinking", "x"),
    text: anything,
    image_url: anything,
    content: anything,
  },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    role: fc.constantFrom("user", "assistant", "system", "tool", "developer", "x"),
    content: fc.oneof(text, fc.array(fc.oneof(part, anything), { maxLength: 3 }), anything),
    tool_calls: fc.oneof(fc.array(part, { maxLength: 2 }), anything),
    tool_call_id: anything,
  },
  { requiredKeys: ["role"] },
);
/** A body that begins as a valid one, and is then spoilt. */
const bodies = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 4 }),
    fc.boolean(),
  )
  .map(([messages, spoilt, stream]) =>
    Buffer.from(
      JSON.stringify({
        model: "lab",
        messages,
        input: messages,
        max_tokens: 8,
        stream,
        ...spoilt,
      }),
    ),
  );
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
/** Valid JSON with a byte changed. */
const bitten = fc.tuple(bodies, fc.nat(), fc.nat({ max: 255 })).map(([body, at, byte]) => {
  const copy = Buffer.from(body);
  copy[at % copy.length] = byte;
  return copy;
});
const paths = fc.constantFrom(
  "/chat/completions",
  "/responses",
  "/messages",
  "/messages/count_tokens",
  "/route/explain?seed=1",
);
const tries = fc.tuple(
  paths,
  fc.oneof(
    { weight: 6, arbitrary: bodies },
    { weight: 2, arbitrary: bitten },
    { weight: 1, arbitrary: bytes },
  ),
);

const object = (value: unknown): Json => (Object(value) === value ? (value as Json) : {});

/** Whether it is an answer, or an error with a code and a message. */
const faultOf = ({ status, text: body }: Answer, path: string): string | null => {
  if (status === 500 || status === 0) return `status ${status}`;
  if (status < 400) return body === "" ? "an empty answer" : null;
  const error = object(object(JSON.parse(body))["error"]);
  const code = path.startsWith("/messages")
    ? object(error["details"])["error_code"]
    : error["code"];
  if (typeof code !== "string" || !isErrorCode(code)) return `the code ${String(code)}`;
  if (code === "internal_error") return code;
  return typeof error["message"] === "string" && error["message"] !== "" ? null : "no message";
};

const batch = 32;

test(`${runs} random bodies: an answer or a typed error, never a crash`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tries, { minLength: batch, maxLength: batch }), async (batched) => {
      const faults = await Promise.all(
        batched.map(async ([path, body]) => {
          const fault = faultOf(await send(path, body), path);
          return fault === null ? null : `${path} ${body.toString()}: ${fault}`;
        }),
      );
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
    }),
    { numRuns: Math.ceil(runs / batch), endOnFailure: true },
  );
}, 600_000);
