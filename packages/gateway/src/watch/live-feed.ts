import type { ServerResponse } from "node:http";
import { completionTokensOf, promptTokensOf, usdFromPico } from "@pointsman/core";
import type { Clock } from "@pointsman/engine";
import type { FinishedRequest } from "./finished-request.ts";

/** Most who may watch at a time. */
const mostWatchers = 20;
/** A comment goes out after this much silence, ms. */
const keepAliveAfterMs = 15_000;

const eventOf = (finished: FinishedRequest): string => {
  const { report } = finished;
  const served = report?.served ?? null;
  const usage = report?.usage ?? null;
  return `data: ${JSON.stringify({
    request_id: finished.requestId,
    decision_id: finished.decisionId,
    at: new Date(finished.atMs).toISOString(),
    workspace_id: finished.workspaceId,
    key_id: finished.keyId,
    tags: finished.tags,
    endpoint: finished.endpoint,
    stream: finished.stream,
    outcome: finished.outcome,
    duration_ms: Math.round(finished.durationMs),
    provider: served?.offering.provider ?? null,
    model: served?.offering.model ?? null,
    attempts: report?.attempts.length ?? 0,
    ttft_ms: report?.ttftMs ?? null,
    tokens_input: usage === null ? 0 : promptTokensOf(usage),
    tokens_output: usage === null ? 0 : completionTokensOf(usage),
    cost_usd: usdFromPico(report?.costPicoUsd ?? 0),
  })}\n\n`;
};

/** Tells watchers of every request that is over, as server-sent events. */
export class LiveFeed {
  readonly #clock: Clock;
  readonly #watchers = new Set<ServerResponse>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(finished: FinishedRequest): void {
    if (this.#watchers.size === 0) return;
    const event = eventOf(finished);
    for (const watcher of this.#watchers) {
      // Who reads too slowly misses some.
      if (!watcher.writableNeedDrain) watcher.write(event);
    }
  }

  get isFull(): boolean {
    return this.#watchers.size >= mostWatchers;
  }

  /** Tells `response` from now on. */
  watch(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    response.write(": watching\n\n");
    this.#watchers.add(response);
    const keepAlive = this.#clock.timer(keepAliveAfterMs, () => {
      if (!response.writableNeedDrain) response.write(": keep-alive\n\n");
      keepAlive.refresh();
    });
    response.once("close", () => {
      keepAlive.cancel();
      this.#watchers.delete(response);
    });
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.end();
  }
}
