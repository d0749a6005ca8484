import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord, asString } from "../json/read.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { decodeGrounding } from "./decode-citations.ts";
import { decodeGeminiLogprobs } from "./decode-logprobs.ts";
import { ownIdPrefix } from "./encode-contents.ts";
import { decodeGeminiFinish } from "./finish-reason.ts";
import { geminiMaker } from "./gemini-dialect.ts";
import { PartialArguments } from "./partial-arguments.ts";

type OpenCall = { readonly call: number; readonly parts: PartialArguments };

/** Steps of one candidate; keeps what spans chunks. */
export class CandidateDecoder {
  readonly #choice: number;
  /** Id of the answer, for calls that have none. */
  readonly #answerId: () => string;
  #calls = 0;
  #open: OpenCall | null = null;
  #finished = false;

  constructor(choice: number, answerId: () => string) {
    this.#choice = choice;
    this.#answerId = answerId;
  }

  /** `false`: the provider broke the answer off; the error is in `out`. */
  push(candidate: JsonRecord, out: StreamItem[]): boolean {
    // What comes after the finish is none of this answer's.
    if (this.#finished) return true;
    const choice = this.#choice;
    const logprobs = decodeGeminiLogprobs(candidate["logprobsResult"]);
    if (logprobs !== null) out.push({ kind: "logprobs", choice, logprobs });
    for (const entry of asArray(asRecord(candidate["content"])?.["parts"])) {
      const part = asRecord(entry);
      if (part !== null) this.#pushPart(part, out);
    }
    const annotations = decodeGrounding(candidate["groundingMetadata"]);
    if (annotations.length > 0) out.push({ kind: "annotations", choice, annotations });
    const word = asFilledString(candidate["finishReason"]);
    if (word === null || word === "FINISH_REASON_UNSPECIFIED") return true;
    this.#closeCall(out);
    const finish = decodeGeminiFinish(word, this.#calls > 0);
    if (!finish.ok) {
      const said = asFilledString(candidate["finishMessage"]);
      const message = said ?? `The provider broke the answer off (${word}).`;
      out.push({ kind: "error", error: { message, type: null, code: word, param: null } });
      return false;
    }
    this.#finished = true;
    const native = finish.reason === "stop" ? null : finish.native;
    out.push({ kind: "finish", choice, reason: finish.reason, native });
    return true;
  }

  #pushPart(part: JsonRecord, out: StreamItem[]): void {
    const choice = this.#choice;
    const signature = asFilledString(part["thoughtSignature"]);
    const seal = {
      ...present("signature", signature),
      ...(signature === null ? {} : { maker: geminiMaker }),
    };
    const call = asRecord(part["functionCall"]);
    if (call !== null) return this.#pushCall(call, seal, out);
    const text = asString(part["text"]);
    if (text !== null) {
      const isThought = part["thought"] === true;
      if (text !== "") out.push({ kind: isThought ? "reasoning" : "text", choice, text });
      if (signature === null) return;
      const kind = isThought ? "reasoning_signature" : "text_signature";
      out.push({ kind, choice, signature, maker: geminiMaker });
      return;
    }
    const blob = asRecord(part["inlineData"]);
    const data = asFilledString(blob?.["data"]);
    if (data !== null) {
      const mimeType = asFilledString(blob?.["mimeType"]) ?? "image/png";
      out.push({ kind: "image", choice, mimeType, data, ...seal });
      return;
    }
    if (part["executableCode"] !== undefined || part["codeExecutionResult"] !== undefined) {
      out.push({ kind: "native", choice, wire: "generate_content", json: part });
    } else if (signature !== null) {
      out.push({ kind: "text_signature", choice, signature, maker: geminiMaker });
    }
  }

  #pushCall(
    call: JsonRecord,
    seal: { readonly signature?: string; readonly maker?: string },
    out: StreamItem[],
  ): void {
    const choice = this.#choice;
    const name = asFilledString(call["name"]);
    const continues = call["willContinue"] === true;
    if (name !== null) {
      this.#closeCall(out);
      const index = this.#calls;
      this.#calls += 1;
      const id = asFilledString(call["id"]) ?? `${ownIdPrefix}${this.#answerId()}_${index}`;
      out.push({ kind: "tool_call", choice, call: index, id, name, ...seal });
      const whole = !continues && call["partialArgs"] === undefined;
      if (whole) {
        const args = asRecord(call["args"]) ?? {};
        out.push({ kind: "tool_arguments", choice, call: index, text: JSON.stringify(args) });
        return;
      }
      this.#open = { call: index, parts: new PartialArguments() };
    }
    this.#open?.parts.push(call["partialArgs"]);
    // The end is a piece without `willContinue`, which may be empty.
    if (!continues) this.#closeCall(out);
  }

  #closeCall(out: StreamItem[]): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const text = open.parts.toJson();
    out.push({ kind: "tool_arguments", choice: this.#choice, call: open.call, text });
  }

  /** Place of a candidate, which leaves its index out where it is the only one. */
  static indexOf(candidate: JsonRecord): number {
    return asNumber(candidate["index"]) ?? 0;
  }
}
