import { expect, test } from "vitest";
import { observe } from "../state/observe.ts";
import { createRouterState, freeze } from "../state/router-state.ts";
import { serialise } from "../state/serialise.ts";
import { exampleEnd, exampleOffering } from "../testing/examples.ts";
import { knownRests } from "./known-rests.ts";

const nowMs = 1_000_000;
const offerings = [exampleOffering("a"), exampleOffering("b"), exampleOffering("c")];
const fresh = () => createRouterState({ offerings });
const troubled = () => {
  const state = fresh();
  const end = (provider: string, more: Partial<Parameters<typeof exampleEnd>[0]>) => {
    const at = { offeringId: `${provider}/m`, credentialId: `${provider}-platform`, nowMs };
    observe(state, exampleEnd({ ...at, ...more }));
  };
  for (let count = 0; count < 5; count += 1) end("a", { outcome: "server_error" });
  end("b", { outcome: "rate_limited", retryAfterMs: 30_000 });
  end("b", { outcome: "model_unavailable" });
  end("c", { outcome: "auth_error" });
  end("c", { outcome: "rate_limited", credentialId: "own", credentialOwner: "byok" });
  return state;
};

test("another replica rests where one does, no longer, and a caller's own account is nobody else's", () => {
  const told = knownRests(troubled(), nowMs);
  expect(told.map(({ kind }) => kind)).toEqual(["breaker", "asked", "model", "credential"]);
  const other = fresh();
  observe(other, { type: "rests_heard", nowMs, rests: told });
  expect(knownRests(other, nowMs)).toEqual(told);
  const once = serialise(freeze(other)).learned;
  observe(other, { type: "rests_heard", nowMs, rests: told });
  expect(serialise(other).learned, "a second time changes nothing").toEqual(once);
  expect(knownRests(other, nowMs + 25 * 3_600_000)).toEqual([]);
});

test("what is over, or of offerings nobody has here, is not heeded; a rest is never cut short", () => {
  const state = troubled();
  const before = knownRests(state, nowMs);
  observe(state, {
    type: "rests_heard",
    nowMs,
    rests: [
      { kind: "breaker", offeringId: "a/m", untilMs: nowMs + 1, restMs: 1 },
      { kind: "asked", offeringId: "b/m", credentialId: "b-platform", untilMs: nowMs + 1 },
      { kind: "credential", credentialId: "c-platform", untilMs: nowMs + 1 },
      { kind: "breaker", offeringId: "b/m", untilMs: nowMs - 1, restMs: 1 },
      { kind: "breaker", offeringId: "nobody/m", untilMs: nowMs + 9, restMs: 1 },
    ],
  });
  expect(knownRests(state, nowMs)).toEqual(before);
});
