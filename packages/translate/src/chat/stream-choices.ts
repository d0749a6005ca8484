import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { decodeAnnotations } from "./annotations.ts";
import { decodeContent, decodeImages, decodeReasoningText } from "./decode-content.ts";
import { decodeFinish } from "./finish-reason.ts";
import { createToolCallAssembler } from "./stream-tool-calls.ts";

type ChoiceState = {
  readonly calls: ReturnType<typeof createToolCallAssembler>;
  finished: boolean;
};

const pushReasoningMarks = (delta: JsonRecord, choice: number, out: StreamItem[]): void => {
  const signature = asFilledString(delta["reasoning_signature"]);
  if (signature !== null) out.push({ kind: "reasoning_signature", choice, signature });
  const data = asFilledString(delta["reasoning_redacted_data"]);
  if (data !== null) out.push({ kind: "reasoning_redacted", choice, data });
};

const pushDelta = (
  delta: JsonRecord,
  choice: number,
  state: ChoiceState,
  out: StreamItem[],
): void => {
  const thought = decodeReasoningText(delta);
  if (thought !== "") out.push({ kind: "reasoning", choice, text: thought });
  pushReasoningMarks(delta, choice, out);
  for (const { kind, text } of decodeContent(delta["content"])) out.push({ kind, choice, text });
  const refusal = asFilledString(delta["refusal"]);
  if (refusal !== null) out.push({ kind: "refusal", choice, text: refusal });
  for (const image of decodeImages(delta["images"])) out.push({ ...image, choice });
  state.calls.push(delta["tool_calls"], out);
  const legacy = asRecord(delta["function_call"]);
  if (legacy !== null && !Array.isArray(delta["tool_calls"])) {
    state.calls.push([{ index: 0, function: legacy }], out);
  }
  const annotations = decodeAnnotations(asArray(delta["annotations"]));
  if (annotations.length > 0) out.push({ kind: "annotations", choice, annotations });
};

/** Items of the choices of one chunk; keeps what spans chunks. */
export const createChoicesDecoder = (): {
  /** `false`: the provider broke the answer off; the error item is in `out`. */
  push(choices: readonly unknown[], out: StreamItem[]): boolean;
} => {
  const states = new Map<number, ChoiceState>();

  const stateOf = (choice: number): ChoiceState => {
    const known = states.get(choice);
    if (known !== undefined) return known;
    const state = { calls: createToolCallAssembler(choice), finished: false };
    states.set(choice, state);
    return state;
  };

  const pushFinish = (
    word: string,
    choice: number,
    state: ChoiceState,
    out: StreamItem[],
  ): boolean => {
    const finish = decodeFinish(word, state.calls.count() > 0);
    if (!finish.ok) {
      const message = `The provider broke the answer off (${word}).`;
      out.push({ kind: "error", error: { message, type: null, code: word, param: null } });
      return false;
    }
    state.finished = true;
    state.calls.end(out);
    out.push({ kind: "finish", choice, reason: finish.reason, native: finish.native });
    return true;
  };

  const pushChoice = (choice: JsonRecord, out: StreamItem[]): boolean => {
    const index = asNumber(choice["index"]) ?? 0;
    const state = stateOf(index);
    // What comes after the finish is none of this answer's.
    if (state.finished) return true;
    // Before the text they belong to, so that an encoder can send both in one chunk.
    const logprobs = asRecord(choice["logprobs"]);
    if (logprobs !== null) out.push({ kind: "logprobs", choice: index, logprobs });
    const delta = asRecord(choice["delta"]);
    if (delta !== null) pushDelta(delta, index, state, out);
    const word = asFilledString(choice["finish_reason"]);
    return word === null || pushFinish(word, index, state, out);
  };

  return {
    push: (choices, out) => {
      for (const entry of choices) {
        const choice = asRecord(entry);
        if (choice !== null && !pushChoice(choice, out)) return false;
      }
      return true;
    },
  };
};
