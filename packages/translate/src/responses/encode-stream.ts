import type { GatewayError } from "../errors/gateway-error.ts";
import { renderOpenAiError } from "../errors/render-openai-error.ts";
import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asNumber, asRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import type {
  AnswerClose,
  AnswerOptions,
  FailureClose,
  StreamEncoder,
} from "../surface/surface-encoder.ts";
import { adoptOutput } from "./adopt-output.ts";
import { freeformNames, responseIdOf } from "./encode-reply.ts";
import { EventWriter } from "./event-writer.ts";
import { encodeAnnotations, encodeLogprobs, writeEncrypted } from "./output-items.ts";
import { OutputWriter } from "./output-writer.ts";
import type { ResponseState } from "./render-response.ts";
import {
  echoOf,
  incompleteReasonOf,
  outputTextOf,
  renderResponse,
  responseDefaults,
} from "./render-response.ts";
import type { ResponsesRequest } from "./responses-request-schema.ts";

type Head = Extract<StreamItem, { kind: "head" }>;
type Finish = Extract<StreamItem, { kind: "finish" }>;

class ResponsesStreamEncoder implements StreamEncoder {
  readonly #options: AnswerOptions;
  readonly #request: ResponsesRequest;
  readonly #losses = new Set<Loss>();
  #events = new EventWriter();
  #output: OutputWriter | null = null;
  #head: Head | null = null;
  #finish: Finish | null = null;
  /** Logprobs that belong to the text that comes next. */
  #logprobs: readonly unknown[] = [];
  /** Events that went out as they came. */
  #raw = 0;

  constructor(options: AnswerOptions, request: ResponsesRequest) {
    this.#options = options;
    this.#request = request;
  }

  items(items: readonly StreamItem[]): string {
    let out = "";
    for (const item of items) {
      if (item.kind === "raw") this.#raw += item.events;
      else if (item.kind === "head") this.#head ??= item;
      else if (item.kind === "finish") this.#finish ??= item;
      // Several choices are asked for on the chat surface only.
      else if (this.#raw === 0 && "choice" in item && item.choice === 0) out += this.#encode(item);
    }
    return out;
  }

  resume(raw: readonly Uint8Array[]): void {
    if (raw.length === 0) return;
    const { nextNumber, ...adopted } = adoptOutput(raw);
    this.#raw = 0;
    this.#events = new EventWriter(nextNumber);
    const id = responseIdOf(this.#head?.id ?? null, this.#options.id);
    this.#output = new OutputWriter(this.#events, id, freeformNames(this.#request));
    this.#output.adopt(adopted);
  }

  end({ usage, routingMetadata }: AnswerClose): string {
    if (this.#raw > 0) return this.#endRaw(routingMetadata([]));
    const start = this.#start();
    const rest = this.#output?.end() ?? "";
    const incompleteReason = incompleteReasonOf(this.#finish?.reason ?? "stop");
    const whole = incompleteReason === null;
    const metadata = routingMetadata([...this.#losses]);
    const response = this.#render({
      status: whole ? "completed" : "incomplete",
      usage,
      completedSeconds: whole ? this.#options.createdSeconds : null,
      incompleteReason,
    });
    return (
      start +
      rest +
      this.#events.response(whole ? "completed" : "incomplete", {
        response: { ...response, routing_metadata: metadata },
        routing_metadata: metadata,
      })
    );
  }

  fail(error: GatewayError, close: FailureClose): string {
    const { error: body } = renderOpenAiError(error, close);
    if (this.#raw === 0 && this.#events.count === 0) {
      const { type: _type, ...flat } = body;
      return this.#events.event("error", flat);
    }
    const events = this.#raw > 0 ? new EventWriter(this.#raw) : this.#events;
    const response = this.#render({ status: "failed", error: body });
    const metadata =
      close.routingMetadata === null ? {} : { routing_metadata: close.routingMetadata };
    return events.response("failed", { response: { ...response, ...metadata }, ...metadata });
  }

  /** The provider's own last event, with what this side adds. */
  #endRaw(metadata: unknown): string {
    const json = this.#finish?.json ?? {};
    const response = asRecord(json["response"]) ?? {};
    const output = Array.isArray(response["output"]) ? response["output"] : [];
    const type = response["status"] === "incomplete" ? "incomplete" : "completed";
    const number = asNumber(json["sequence_number"]) ?? this.#raw;
    return new EventWriter(number).response(type, {
      response: {
        ...responseDefaults(this.#request, {
          completedSeconds: type === "completed" ? this.#options.createdSeconds : null,
        }),
        ...response,
        output_text: outputTextOf(output),
        routing_metadata: metadata,
      },
      routing_metadata: metadata,
    });
  }

  #render(state: Partial<ResponseState>): JsonRecord {
    const { id, createdSeconds, model } = this.#options;
    return renderResponse(
      {
        id: responseIdOf(this.#head?.id ?? null, id),
        createdSeconds: this.#head?.createdSeconds ?? createdSeconds,
        model: this.#head?.model ?? model,
        status: "in_progress",
        output: this.#output?.output ?? [],
        usage: null,
        completedSeconds: null,
        incompleteReason: null,
        error: null,
        ...present("serviceTier", this.#head?.serviceTier),
        ...state,
      },
      echoOf(this.#request),
    );
  }

  #start(): string {
    if (this.#output !== null) return "";
    const id = responseIdOf(this.#head?.id ?? null, this.#options.id);
    const response = this.#render({});
    this.#output = new OutputWriter(this.#events, id, freeformNames(this.#request));
    return (
      this.#events.response("created", { response }) +
      this.#events.response("in_progress", { response })
    );
  }

  #encode(item: StreamItem & { readonly choice: number }): string {
    if (item.kind === "logprobs") {
      this.#logprobs = encodeLogprobs(item.logprobs);
      return "";
    }
    if (item.kind === "native" && item.wire !== "responses") {
      this.#losses.add(contentDropped);
      return "";
    }
    const start = this.#start();
    return this.#output === null ? start : start + this.#write(item, this.#output);
  }

  #write(item: StreamItem & { readonly choice: number }, output: OutputWriter): string {
    switch (item.kind) {
      case "text": {
        const logprobs = this.#logprobs;
        this.#logprobs = [];
        return output.text(item.text, item.phase, logprobs);
      }
      case "refusal":
        return output.refusal(item.text);
      case "reasoning":
        return output.reasoning(item.text);
      case "reasoning_signature": {
        const { signature, maker, id } = item;
        const place = { on: "reasoning", ...present("id", id) } as const;
        const own = (maker ?? "openai") === "openai" ? id : undefined;
        return output.seal(writeEncrypted(signature, maker, place), own);
      }
      case "text_signature":
        return (
          output.close() + output.seal(writeEncrypted(item.signature, item.maker, { on: "text" }))
        );
      case "reasoning_redacted": {
        const maker = item.maker ?? "anthropic";
        return output.close() + output.seal(writeEncrypted(item.data, maker, { on: "redacted" }));
      }
      case "tool_call": {
        const { call, id, name, signature, maker } = item;
        const seal =
          signature === undefined
            ? ""
            : output.close() + output.seal(writeEncrypted(signature, maker, { on: "call", id }));
        return seal + output.call(call, id, name);
      }
      case "tool_arguments":
        return output.argument(item.call, item.text);
      case "annotations":
        return output.annotate(encodeAnnotations(item.annotations, this.#losses));
      case "image":
        return output.whole({
          id: `ig_${output.output.length}`,
          type: "image_generation_call",
          status: "completed",
          result: item.data,
          output_format: item.mimeType.replace("image/", ""),
        });
      case "native":
        return output.whole(item.json);
      default:
        return "";
    }
  }
}

/** Encodes a stream in the Responses wire (docs/contract.md §17). */
export const createResponsesStreamEncoder = (
  options: AnswerOptions & { readonly request: ResponsesRequest },
): StreamEncoder => new ResponsesStreamEncoder(options, options.request);
