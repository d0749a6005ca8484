import { describe, expect, it } from "vitest";
import { helloOf } from "../drive/hello.ts";
import { listeningPolicy, plainProvider, testWorld } from "../replay.fixture.ts";
import type { Heard } from "../replay.fixture.ts";
import { servePolicy } from "./serve-policy.ts";

const hello = helloOf(testWorld(plainProvider("p")), "cost");

/** What a policy that always says `p` heard, answered and reported for these lines. */
const serve = async (
  ...messages: readonly (object | string)[]
): Promise<{
  readonly heard: readonly Heard[];
  readonly answers: readonly unknown[];
  readonly broken: readonly string[];
}> => {
  const { policy, heard } = listeningPolicy(() => ({ provider: "p" }));
  const answers: unknown[] = [];
  const broken: string[] = [];
  const lines = messages.map((message) =>
    typeof message === "string" ? message : JSON.stringify(message),
  );
  await servePolicy({
    policy,
    lines: (async function* () {
      yield* lines;
    })(),
    write: (line) => answers.push(JSON.parse(line)),
    onBroken: (reason) => broken.push(reason),
  });
  return { heard, answers, broken };
};

const request = { type: "request", id: "a", t_ms: 0, model: "m", in_tokens: 7, blocks: [1] };

describe("the policy's side of the line protocol", () => {
  it("answers questions in order, events not at all, and nothing after end", async () => {
    const error = { type: "event", event: "error", id: "a", attempt: 1, provider: "p", t_ms: 5 };
    const { answers, heard, broken } = await serve(
      hello,
      request,
      { ...error, error: "a_new_kind", retry_after_ms: null },
      { type: "retry", id: "a", t_ms: 5, attempt: 2, provider: "p", error: "timeout" },
      { type: "end" },
      { ...request, id: "late" },
    );
    expect(answers).toEqual([
      { type: "ready", name: "listening" },
      { type: "decision", id: "a", provider: "p" },
      { type: "decision", id: "a", provider: "p" },
    ]);
    expect(heard[1]).toMatchObject({ error: "server_error", cost_usd: 0, usage: { in: 0 } });
    expect(broken).toEqual([]);
  });

  it("gives up what it cannot read, and goes on", async () => {
    const { answers, broken } = await serve(
      hello,
      "{",
      { ...request, in_tokens: "many" },
      { type: "event", event: "done", id: "a" },
      { ...request, id: "b" },
    );
    expect(answers.slice(1)).toEqual([
      { type: "give_up", id: "a" },
      { type: "decision", id: "b", provider: "p" },
    ]);
    expect(broken.map((reason) => reason.slice(0, 7))).toEqual(["line 2:", "line 3:", "line 4:"]);
  });
});
