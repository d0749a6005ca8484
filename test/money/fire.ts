import type { BudgetStatus, Stores } from "@pointsman/store";
import { expect } from "vitest";
import { serve } from "../support/pointsman.ts";
import { startBillingUpstream } from "./billing-upstream.ts";

/** Budgets under fire from several gateways on one store. */
export type FireOptions = {
  /** `state:` of the gateways. */
  readonly state: string;
  /** The same store, to look into. */
  readonly stores: Stores;
  readonly processes: number;
  readonly requests: number;
};

const key = "pk-fire-0123456789abcdefghijklmnopqrstuvwxyz";
const limitUsd = 0.02;
const limitPico = 20_000_000_000n;
const parallel = 40;
const leaseMs = 90_000;

const fraction = (number: number): number => {
  const x = Math.sin(number * 78.233) * 12_543.123;
  return x - Math.floor(x);
};

const bodyOf = (purpose: string, at: number, stream: boolean): string =>
  JSON.stringify({
    model: "lab",
    stream,
    // Some name their longest answer, most do not.
    ...(at % 3 === 0 ? { max_tokens: 40 } : {}),
    messages: [{ role: "user", content: `Which track is it on, purpose-${purpose}?` }],
    gateway: { metadata: { tags: [purpose] } },
  });

type Outcome = "answered" | "refused" | "left" | "failed";

const ask = async (url: string, purpose: string, at: number): Promise<Outcome> => {
  const leaves = purpose === "left";
  const controller = new AbortController();
  const stream = leaves || at % 2 === 0;
  try {
    const response = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: bodyOf(purpose, at, stream),
      signal: controller.signal,
    });
    if (leaves && response.ok) {
      setTimeout(() => controller.abort(), 10 + fraction(at) * 40);
    }
    const text = await response.text();
    if (response.status === 429 && text.includes("budget_exhausted")) return "refused";
    return response.ok && !text.includes('"error"') ? "answered" : "failed";
  } catch {
    return leaves ? "left" : "failed";
  }
};

const costOf = async (stores: Stores, tag: string): Promise<bigint> => {
  const query = {
    workspaceId: "default",
    sinceMs: 0,
    untilMs: Date.now() + 1000,
    by: "tag",
  } as const;
  const sums = await stores.ledger.sum(query);
  return sums.find(({ group }) => group === tag)?.costPicoUsd ?? 0n;
};

/**
 * Fires requests, whole and streamed, at gateways that share a budget: some callers leave, some calls
 * fail, one gateway is killed in mid-stream. Holds the money to the provider's invoices.
 */
export const underFire = async (options: FireOptions): Promise<void> => {
  const { stores, processes } = options;
  const upstream = await startBillingUpstream({ failures: 0.1, mostWords: 60, paceMs: 2 });
  const config = JSON.stringify({
    state: options.state,
    keys: [{ key }],
    workspaces: [{ id: "default", budgets: [{ period: "total", limitUsd }] }],
    exploration: 0,
    providers: {
      p: {
        kind: "openai-compatible",
        baseUrl: `${upstream.url}/v1`,
        apiKey: "sk-upstream",
        // No breaker may refuse what the budget could pay.
        health: { openAfter: 1000 },
        models: { lab: { id: "m", price: { input: 1, output: 2 }, maxOutputTokens: 2000 } },
      },
    },
  });
  const gateways = await Promise.all(Array.from({ length: processes }, () => serve({ config })));
  const budget = async (): Promise<BudgetStatus> => {
    const [status] = await stores.budgets.list("default", Date.now());
    if (status === undefined) throw new Error("there is a budget");
    return status;
  };
  try {
    const seen: BudgetStatus[] = [];
    const watching = setInterval(() => void budget().then((status) => seen.push(status)), 20);
    const outcomes: Outcome[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < options.requests) {
        const at = next++;
        const url = gateways[at % processes]?.ready.url ?? "";
        const purpose = at % 10 === 7 ? "left" : "plain";
        outcomes.push(await ask(url, purpose, at));
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    // What was refused while others held the rest may fit now: the last is asked for, one at a time.
    for (let at = options.requests; at < options.requests + 2000; at += 1) {
      const url = gateways[at % processes]?.ready.url ?? "";
      const outcome = await ask(url, "plain", at);
      outcomes.push(outcome);
      if (outcome === "refused") break;
    }
    clearInterval(watching);
    while (upstream.running() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let tries = 0; (await budget()).heldPicoUsd > 0n && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    // Never more than the limit, at no instant.
    expect(seen.length).toBeGreaterThan(5);
    for (const { spentPicoUsd, heldPicoUsd } of seen) {
      expect(spentPicoUsd + heldPicoUsd).toBeLessThanOrEqual(limitPico);
    }
    const after = await budget();
    expect(after.heldPicoUsd).toBe(0n);
    expect(after.spentPicoUsd).toBeLessThanOrEqual(limitPico);
    // All of it was used: what is left pays no prompt and token any more.
    const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
    expect(count("refused"), JSON.stringify(outcomes)).toBeGreaterThan(0);
    expect(count("answered")).toBeGreaterThan(100);
    expect(limitPico - after.spentPicoUsd).toBeLessThan(60_000_000n);
    // To the pico-dollar for every call that ended.
    const plain = upstream.invoices.filter(({ purpose }) => purpose === "plain");
    const whole = plain.filter((invoice) => invoice.whole);
    const stopped = plain.length - whole.length;
    const invoiced = whole.reduce((sum, { picoUsd }) => sum + picoUsd, 0n);
    const booked = await costOf(stores, "plain");
    if (stopped === 0) expect(booked).toBe(invoiced);
    else expect(booked).toBeGreaterThanOrEqual(invoiced);
    expect(after.spentPicoUsd).toBe(booked + (await costOf(stores, "left")));

    await killOne();
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await upstream.close();
  }

  /** A gateway that is killed in mid-stream leaves its money held; it is charged once the lease is over. */
  async function killOne(): Promise<void> {
    const [victim] = gateways;
    const { id } = await budget();
    const room = { addLimitPicoUsd: limitPico, updatedAtMs: Date.now() };
    await stores.budgets.update("default", id, room);
    const before = await budget();
    const asked = Array.from({ length: 10 }, (_, at) =>
      ask(victim?.ready.url ?? "", "killed", at * 2),
    );
    const begun = (): number =>
      upstream.invoices.filter(({ purpose, picoUsd }) => purpose === "killed" && picoUsd > 0n)
        .length;
    while (begun() < 5) await new Promise((resolve) => setTimeout(resolve, 2));
    await victim?.stop("SIGKILL");
    await Promise.all(asked);
    while (upstream.running() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await stores.budgets.sweep({ nowMs: Date.now() + leaseMs + 1000, limit: 1000 });
    const swept = await budget();
    expect(swept.heldPicoUsd).toBe(0n);
    const invoiced = upstream.invoices
      .filter(({ purpose }) => purpose === "killed")
      .reduce((sum, { picoUsd }) => sum + picoUsd, 0n);
    expect(invoiced).toBeGreaterThan(0n);
    expect(swept.spentPicoUsd - before.spentPicoUsd).toBeGreaterThanOrEqual(invoiced);
    expect(swept.spentPicoUsd).toBeLessThanOrEqual(2n * limitPico);
  }
};
