import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord, asString } from "../json/read.ts";
import type { Annotation } from "../neutral/content.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { ownMaker } from "./slots.ts";

/** What the blocks of one answer share. */
export type AnswerState = {
  /** Calls for the client so far. */
  calls: number;
  /** Length of all text so far, UTF-16 units: where a citation's place begins. */
  textLength: number;
};

/** One open block. */
export interface BlockDecoder {
  delta(delta: JsonRecord, out: StreamItem[]): void;
  stop(out: StreamItem[]): void;
}

const citationOf = (value: unknown, start: number, end: number): Annotation | null => {
  const json = asRecord(value);
  if (json === null) return null;
  const url = asFilledString(json["url"]);
  if (json["type"] === "web_search_result_location" && url !== null) {
    const title = present("title", asFilledString(json["title"]));
    return { kind: "url_citation", url, ...title, start, end };
  }
  return { kind: "native", wire: "messages", json };
};

const textDecoder = (block: JsonRecord, state: AnswerState, out: StreamItem[]): BlockDecoder => {
  const start = state.textLength;
  const citations = [...asArray(block["citations"])];
  const say = (text: string, to: StreamItem[]): void => {
    if (text === "") return;
    state.textLength += text.length;
    to.push({ kind: "text", choice: 0, text });
  };
  say(asString(block["text"]) ?? "", out);
  return {
    delta: (delta, to) => {
      say(asString(delta["text"]) ?? "", to);
      if (delta["citation"] !== undefined) citations.push(delta["citation"]);
    },
    stop: (to) => {
      const annotations = citations.flatMap(
        (citation) => citationOf(citation, start, state.textLength) ?? [],
      );
      if (annotations.length > 0) to.push({ kind: "annotations", choice: 0, annotations });
    },
  };
};

const thinkingDecoder = (block: JsonRecord, out: StreamItem[]): BlockDecoder => {
  let signature = asString(block["signature"]) ?? "";
  const think = (text: string, to: StreamItem[]): void => {
    if (text !== "") to.push({ kind: "reasoning", choice: 0, text });
  };
  think(asString(block["thinking"]) ?? "", out);
  return {
    delta: (delta, to) => {
      think(asString(delta["thinking"]) ?? "", to);
      signature += asString(delta["signature"]) ?? "";
    },
    stop: (to) => {
      // A block may have a signature and no text.
      if (signature === "") return;
      to.push({ kind: "reasoning_signature", choice: 0, signature, maker: ownMaker });
    },
  };
};

const toolDecoder = (block: JsonRecord, state: AnswerState, out: StreamItem[]): BlockDecoder => {
  const call = state.calls;
  state.calls += 1;
  const id = asFilledString(block["id"]) ?? `toolu_${call}`;
  const name = asString(block["name"]) ?? "";
  out.push({ kind: "tool_call", choice: 0, call, id, name });
  // The input may come whole with the block; else it is empty there and comes in pieces.
  const given = asRecord(block["input"]) ?? {};
  let hasPieces = false;
  return {
    delta: (delta, to) => {
      const text = asString(delta["partial_json"]) ?? "";
      if (text === "") return;
      hasPieces = true;
      to.push({ kind: "tool_arguments", choice: 0, call, text });
    },
    stop: (to) => {
      if (hasPieces) return;
      to.push({ kind: "tool_arguments", choice: 0, call, text: JSON.stringify(given) });
    },
  };
};

const parseInput = (json: string): unknown => {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
};

/** Tools that Anthropic runs, their results, and what is not known here: handed on whole. */
const nativeDecoder = (block: JsonRecord): BlockDecoder => {
  let input = "";
  let text = "";
  return {
    delta: (delta) => {
      input += asString(delta["partial_json"]) ?? "";
      text += asString(delta["text"]) ?? asString(delta["content"]) ?? "";
    },
    stop: (to) => {
      const json = {
        ...block,
        ...(input === "" ? {} : { input: parseInput(input) }),
        ...(text === "" ? {} : { content: text }),
      };
      to.push({ kind: "native", choice: 0, wire: "messages", json });
    },
  };
};

const silent: BlockDecoder = { delta: () => {}, stop: () => {} };

/** Begins a block of an answer; a whole one is begun and stopped. */
export const openBlock = (
  block: JsonRecord,
  state: AnswerState,
  out: StreamItem[],
): BlockDecoder => {
  switch (block["type"]) {
    case "text":
      return textDecoder(block, state, out);
    case "thinking":
      return thinkingDecoder(block, out);
    case "redacted_thinking": {
      const data = asString(block["data"]) ?? "";
      out.push({ kind: "reasoning_redacted", choice: 0, data, maker: ownMaker });
      return silent;
    }
    case "tool_use":
      return toolDecoder(block, state, out);
    default:
      return nativeDecoder(block);
  }
};
