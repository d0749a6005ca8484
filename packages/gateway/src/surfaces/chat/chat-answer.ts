import type { ServerResponse } from "node:http";
import type { Candidate } from "@pointsman/core";
import type {
  Clock,
  RunEnd,
  RunHandle,
  AnsweredReport,
  RunSink,
  RunStart,
  Timer,
} from "@pointsman/engine";
import {
  createChatStreamEncoder,
  encodeChatReply,
  encodeFinalChunk,
  encodeStreamError,
  finishRawChatReply,
  chatStreamDone,
} from "@pointsman/translate";
import type { ChatStreamEncoder, GatewayError, StreamItem } from "@pointsman/translate";
import { errorAnswer } from "../../http/error-answer.ts";
import { newChatId, newDecisionId } from "../../ids/ids.ts";
import { routingMetadata } from "./routing-metadata.ts";

/** Headers go out after this long without content, since a client dies at 60 s of silence. */
const headAfterMs = 25_000;
/** A comment goes out after this much silence in a stream. */
const keepAliveAfterMs = 15_000;

/** Names and values in turn, the form of headers that Node takes without making another of it. */
type FlatHeaders = readonly string[];

const streamHeaders: FlatHeaders = [
  "content-type",
  "text/event-stream; charset=utf-8",
  "cache-control",
  "no-cache",
  "x-accel-buffering",
  "no",
];

/** What an answer needs to know of its request. */
export type ChatAnswerOptions = {
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly requestId: string;
  readonly stream: boolean;
  /** Return reasoning or leave it out (`reasoning.exclude`). */
  readonly excludeReasoning: boolean;
  readonly docsBaseUrl: () => string;
  /** A failed request, for the log. */
  readonly onError: (error: GatewayError) => void;
};

const servedHeaders = (candidate: Candidate, attempts: number, overheadMs: number): FlatHeaders => [
  "x-pointsman-provider",
  candidate.offering.provider,
  "x-pointsman-model",
  candidate.offering.model,
  "x-pointsman-attempts",
  String(attempts),
  "x-pointsman-decision-id",
  newDecisionId(),
  "x-pointsman-overhead-ms",
  overheadMs.toFixed(2),
];

/** Writes one run's answer to the caller in the chat wire, JSON or stream. */
export class ChatAnswer implements RunSink {
  readonly #options: ChatAnswerOptions;
  readonly #response: ServerResponse;
  readonly #headTimer: Timer | undefined;
  #keepAlive: Timer | undefined;
  #encoder: ChatStreamEncoder | undefined;
  #raw = false;
  #id: string | null = null;
  #model: string | null = null;
  #createdSeconds: number | null = null;
  #handle: RunHandle | undefined;
  #paused = false;

  constructor(options: ChatAnswerOptions) {
    this.#options = options;
    this.#response = options.response;
    if (options.stream) {
      this.#headTimer = options.clock.timer(headAfterMs, () => {
        this.#beginStream([]);
        this.#write(": keep-alive\n\n");
      });
    }
    this.#response.once("close", () => {
      this.#stopTimers();
      if (!this.#response.writableFinished) this.#handle?.cancel();
    });
  }

  /** The run this answer belongs to, for pauses and for a caller who leaves. */
  attach(handle: RunHandle): void {
    this.#handle = handle;
    if (this.#response.destroyed) handle.cancel();
  }

  start({ candidate, attempts, overheadMs }: RunStart): void {
    this.#model = candidate.offering.providerModelId;
    if (this.#options.stream) this.#beginStream(servedHeaders(candidate, attempts, overheadMs));
  }

  items(items: readonly StreamItem[]): void {
    for (const item of items) {
      if (item.kind === "raw") {
        this.#raw = true;
        this.#write(item.bytes);
      } else if (item.kind === "head") {
        this.#id ??= item.id;
        this.#model = item.model ?? this.#model;
        this.#createdSeconds ??= item.createdSeconds;
      }
    }
    // Beside raw items the others only inform.
    if (this.#raw) return;
    const text = this.#streamEncoder().items(this.#shown(items));
    if (text !== "") this.#write(text);
  }

  end(end: RunEnd): void {
    this.#stopTimers();
    if (!end.ok) {
      this.#fail(end.error);
    } else if (this.#options.stream) {
      this.#response.end(this.#finalChunks(end.report));
    } else {
      this.#reply(end);
    }
  }

  #streamEncoder(): ChatStreamEncoder {
    this.#id ??= newChatId();
    this.#createdSeconds ??= Math.floor(this.#options.clock.nowMs() / 1000);
    this.#encoder ??= createChatStreamEncoder({
      id: this.#id,
      model: this.#model ?? "",
      createdSeconds: this.#createdSeconds,
    });
    return this.#encoder;
  }

  #shown(items: readonly StreamItem[]): readonly StreamItem[] {
    return this.#options.excludeReasoning
      ? items.filter(({ kind }) => !kind.startsWith("reasoning"))
      : items;
  }

  #finalChunks(report: AnsweredReport): string {
    const final = encodeFinalChunk({
      id: this.#id ?? newChatId(),
      model: this.#model ?? "",
      createdSeconds: this.#createdSeconds ?? Math.floor(this.#options.clock.nowMs() / 1000),
      usage: report.usage,
      routingMetadata: routingMetadata(report),
    });
    return final + chatStreamDone;
  }

  #reply(end: Extract<RunEnd, { ok: true }>): void {
    const { reply, report } = end;
    if (reply === null) throw new TypeError("an answered JSON run has a reply");
    const metadata = routingMetadata(report);
    // A raw reply is bytes in a string, and goes out with its head in one write.
    const raw = reply.kind === "raw";
    const body =
      reply.kind === "raw"
        ? finishRawChatReply(reply, { usage: report.usage, routingMetadata: metadata })
        : JSON.stringify(
            encodeChatReply(reply.reply, {
              usage: report.usage,
              routingMetadata: metadata,
              fallbackId: newChatId(),
              fallbackModel: report.served.offering.providerModelId,
              createdSeconds: Math.floor(this.#options.clock.nowMs() / 1000),
              excludeReasoning: this.#options.excludeReasoning,
            }),
          );
    this.#writeHead(200, [
      ...servedHeaders(report.served, report.attempts.length, report.overheadMs),
      "content-type",
      "application/json; charset=utf-8",
      "content-length",
      String(raw ? body.length : Buffer.byteLength(body)),
    ]);
    this.#response.end(body, raw ? "latin1" : "utf8");
  }

  #fail(error: GatewayError): void {
    this.#options.onError(error);
    const docsBaseUrl = this.#options.docsBaseUrl();
    if (this.#response.headersSent) {
      this.#response.end(encodeStreamError(error, { docsBaseUrl }));
      return;
    }
    const answer = errorAnswer(error, docsBaseUrl);
    this.#writeHead(answer.status, [
      ...Object.entries(answer.headers).flat(),
      "content-length",
      String(Buffer.byteLength(answer.body)),
    ]);
    this.#response.end(answer.body);
  }

  #beginStream(headers: FlatHeaders): void {
    this.#headTimer?.cancel();
    if (this.#response.headersSent) return;
    this.#writeHead(200, [...headers, ...streamHeaders]);
    this.#keepAlive = this.#options.clock.timer(keepAliveAfterMs, () => {
      this.#write(": keep-alive\n\n");
    });
  }

  #writeHead(status: number, headers: FlatHeaders): void {
    const { requestId } = this.#options;
    const ids = ["x-request-id", requestId, "request-id", requestId];
    this.#response.writeHead(status, [...ids, ...headers]);
  }

  #write(data: string | Uint8Array): void {
    this.#keepAlive?.refresh();
    if (this.#response.write(data) || this.#paused) return;
    // The caller reads slowly: the provider waits too, so that nothing piles up here.
    this.#paused = true;
    this.#handle?.pause();
    this.#response.once("drain", () => {
      this.#paused = false;
      this.#handle?.resume();
    });
  }

  #stopTimers(): void {
    this.#headTimer?.cancel();
    this.#keepAlive?.cancel();
  }
}
