import { expect } from "vitest";
import { apiKey, startLab } from "./lab.ts";
import type { Ask, Got, Lab, ProviderSpec, Surface } from "./lab.ts";
import { answers, story } from "./upstream.ts";
import type { Act } from "./upstream.ts";
import type { Wire } from "./wire-answer.ts";

/** One fault, and what a caller must see of it. */
export type Scenario = {
  readonly name: string;
  /** What each provider does, attempt by attempt; the last act is for all that follow. */
  readonly acts: readonly (readonly [Act, ...Act[]])[];
  /** @default all chat */
  readonly specs?: readonly (Wire | ProviderSpec)[];
  readonly ask?: Ask;
  /** @default all that reach the first provider's wire */
  readonly surfaces?: readonly Surface[];
  /** @default both */
  readonly stream?: boolean;
  readonly workspace?: Readonly<Record<string, unknown>>;
  /** The whole answer, this text, or the code of an error. @default the whole answer */
  readonly text?: string;
  readonly error?: string;
  /** Status of the reply. @default 200 where whole, or where the stream had begun */
  readonly status?: number;
  /** What is out before an error within the stream. @default nothing is */
  readonly begun?: string;
  /** Attempts at each provider. */
  readonly attempts: readonly number[];
  readonly warning?: string;
  /** Bounds of the whole request, ms. @default 0–4000 */
  readonly ms?: readonly [number, number];
  readonly check?: (got: Got, lab: Lab) => void | Promise<void>;
};

const reachable = (wire: Wire): readonly Surface[] =>
  wire === "responses" ? ["responses", "messages"] : ["chat", "responses", "messages"];

const wireOf = (spec: Wire | ProviderSpec | undefined): Wire =>
  typeof spec === "string" ? spec : (spec?.wire ?? "chat");

/** A scenario on one surface. */
export type Case = Scenario & { readonly surface: Surface; readonly streamed: boolean };

/** Every surface a scenario is for, whole and streamed. */
export const casesOf = (scenarios: readonly Scenario[]): readonly (readonly [string, Case])[] =>
  scenarios.flatMap((one) =>
    (one.surfaces ?? reachable(wireOf(one.specs?.[0]))).flatMap((surface) =>
      [true, false]
        .filter((streamed) => one.stream === undefined || one.stream === streamed)
        .map((streamed) => {
          const name = `${one.name}: ${surface}, ${streamed ? "stream" : "JSON"}`;
          return [name, { ...one, surface, streamed }] as const;
        }),
    ),
  );

/** Plays a case and holds all it promises. */
export const play = async (one: Case): Promise<void> => {
  const specs = one.specs ?? one.acts.map(() => "chat" as const);
  const { workspace } = one;
  const lab = await startLab(specs, workspace === undefined ? {} : { workspace });
  try {
    for (const [index, acts] of one.acts.entries()) lab.upstreams[index]?.play(...acts);
    const got = await lab.ask({ ...one.ask, surface: one.surface, stream: one.streamed });
    const [atLeastMs, atMostMs] = one.ms ?? [0, 4000];
    const isWhole = one.error === undefined;
    const summary = {
      status: got.status,
      text: got.text,
      finished: got.finished,
      error: got.error,
      violations: got.violations,
      attempts: lab.upstreams.map(({ attempts }) => attempts.length),
    };
    expect(summary, got.body).toEqual({
      status: one.status ?? 200,
      text: isWhole ? (one.text ?? story.join("")) : (one.begun ?? ""),
      finished: isWhole,
      error: one.error ?? null,
      violations: [],
      attempts: one.attempts,
    });
    expect(got.tookMs).toBeGreaterThanOrEqual(atLeastMs);
    expect(got.tookMs).toBeLessThan(atMostMs);
    if (isWhole) holdWhole(one, got);
    // Providers echo keys; nothing of theirs but the answer goes out.
    expect(got.body + got.message).not.toContain(apiKey.slice(6));
    expect([...got.headers.keys()].filter((name) => name.startsWith("x-upstream"))).toEqual([]);
    await one.check?.(got, lab);
    // Whatever it was, the gateway lives, and is free of the request.
    for (const upstream of lab.upstreams) upstream.play(answers);
  } finally {
    await lab.close();
  }
};

const holdWhole = (one: Case, got: Got): void => {
  const total = one.attempts.reduce((sum, count) => sum + count, 0);
  const { metadata } = got;
  expect(metadata).not.toBeNull();
  expect(metadata?.attempts?.length ?? 1).toBe(total);
  const warnings = (metadata?.warnings ?? []).map(({ code }) => code);
  expect(warnings).toEqual(one.warning === undefined ? [] : [one.warning]);
  // One id throughout.
  expect(got.ids.length).toBeLessThanOrEqual(1);
  expect(got.usage).not.toBeNull();
  if (!one.streamed) expect(got.headers.get("x-pointsman-attempts")).toBe(String(total));
};
