import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
import type { Histogram } from "hdr-histogram-js";
import { Pool } from "undici";
import { tellParent } from "../process/own-side.ts";
import { checkAnswer } from "./check-answer.ts";
import type { LoadOrder, LoadReport } from "./load.ts";
import type { Workload } from "./workloads.ts";
import { workloadPath, workloads } from "./workloads.ts";

// The load generator. In a closed loop `concurrency` requests are always in flight, each on a keep-alive
// connection of its own; the next one starts when an answer is whole and checked. At a rate the next one
// also waits for its turn.

const pools = new Map<string, Pool>();

const poolFor = (url: string, connections: number): Pool => {
  const pool = pools.get(url) ?? new Pool(url, { connections, pipelining: 1 });
  pools.set(url, pool);
  return pool;
};

type Round = {
  readonly pool: Pool;
  readonly order: LoadOrder;
  readonly workload: Workload;
  readonly histogram: Histogram;
  readonly failures: string[];
  readonly endAtMs: number;
  sent: number;
  /** When the next request may start. */
  turnAtMs: number;
};

const requestOnce = (round: Round): Promise<void> =>
  new Promise((resolve) => {
    const { workload, histogram, failures } = round;
    const startedAtMs = performance.now();
    const chunks: Buffer[] = [];
    let status = 0;
    const body = workload.bodies[round.sent % workload.bodies.length] ?? null;
    round.sent += 1;
    round.pool.dispatch(
      {
        path: workloadPath,
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${round.order.apiKey}`,
        },
        body,
      },
      {
        // undici tells the two kinds of handlers apart by this method.
        onRequestStart: () => {},
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          histogram.recordValue(Math.round((performance.now() - startedAtMs) * 1000));
          const fault = checkAnswer(
            status,
            Buffer.concat(chunks).toString("utf8"),
            workload.stream,
          );
          if (fault !== null) failures.push(fault);
          resolve();
        },
        onResponseError: (_controller, error) => {
          failures.push(error.message);
          resolve();
        },
      },
    );
  });

const takeTurn = async (round: Round): Promise<void> => {
  const { requestsPerSecond } = round.order;
  if (requestsPerSecond === null) return;
  const waitMs = round.turnAtMs - performance.now();
  round.turnAtMs += 1000 / requestsPerSecond;
  if (waitMs > 0) await sleep(waitMs);
};

const worker = async (round: Round): Promise<void> => {
  // Many failures mean that nothing is being measured any more.
  while (performance.now() < round.endAtMs && round.failures.length < 10) {
    await takeTurn(round);
    await requestOnce(round);
  }
};

const runRound = async (order: LoadOrder): Promise<LoadReport> => {
  const workload = workloads.find(({ name }) => name === order.workload);
  if (workload === undefined) throw new Error(`no workload is called "${order.workload}"`);
  const startedAtMs = performance.now();
  const round: Round = {
    pool: poolFor(order.url, order.concurrency),
    order,
    workload,
    // Microseconds, up to a minute.
    histogram: build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 }),
    failures: [],
    endAtMs: startedAtMs + order.seconds * 1000,
    sent: 0,
    turnAtMs: startedAtMs,
  };
  await Promise.all(Array.from({ length: order.concurrency }, () => worker(round)));
  return {
    requests: round.sent,
    seconds: (performance.now() - startedAtMs) / 1000,
    p50Ms: round.histogram.getValueAtPercentile(50) / 1000,
    p99Ms: round.histogram.getValueAtPercentile(99) / 1000,
    failures: round.failures.length,
    firstFailure: round.failures[0] ?? null,
  };
};

// stdin ends when the parent does; the loop and this process end with it.
for await (const line of createInterface({ input: process.stdin })) {
  // The only writer of this pipe is bench-gateway.ts, which sends LoadOrder.
  const order: LoadOrder = JSON.parse(line);
  tellParent(await runRound(order));
}
process.exit(0);
