import { asEvents } from "../fixtures/wire/load.ts";
import type { Recording } from "./recording.ts";
import { anthropicMessages } from "./readers/anthropic.ts";
import { googleGenerateContent } from "./readers/google.ts";
import { openAiResponses } from "./readers/openai-responses.ts";
import type { Json, Place, Said } from "./said.ts";
import { asJson, count, isJson, objects, parseArguments, text } from "./said.ts";

/** Visible text of a content field: a string, or Mistral's list of parts. */
const visible = (content: unknown): string =>
  typeof content === "string"
    ? content
    : objects(content)
        .filter(({ type }) => type === "text")
        .map((part) => text(part["text"]))
        .join("");

const thought = (piece: Json): string =>
  [piece["reasoning_content"], piece["reasoning"]].find(
    (entry): entry is string => typeof entry === "string",
  ) ??
  objects(piece["content"])
    .filter(({ type }) => type === "thinking")
    .flatMap(({ thinking }) => objects(thinking).map((part) => text(part["text"])))
    .join("");

type OpenCall = { readonly index: unknown; readonly id: unknown; name: string; json: string };

const callsOf = (pieces: readonly Json[]): Said["calls"] => {
  const calls: OpenCall[] = [];
  for (const piece of pieces) {
    for (const [place, call] of objects(piece["tool_calls"]).entries()) {
      const definition = asJson(call["function"]);
      const index = call["index"] ?? place;
      const { id } = call;
      const open = calls.findLast((known) => known.index === index);
      // Cerebras gives two calls the same index: a new id is a new call.
      const known = open !== undefined && (!id || id === open.id) ? open : undefined;
      const target = known ?? { index, id, name: "", json: "" };
      if (known === undefined) calls.push(target);
      target.name ||= text(definition["name"]);
      target.json += text(definition["arguments"]);
    }
  }
  return calls.map(({ name, json }) => ({ name, args: parseArguments(json) }));
};

/** What a chat recording says, read without any code of the gateway's: vendors' dialects differ. */
const saidInChat = ({ vendor, pieces, stream }: Recording): Said => {
  const chunks = pieces.map((piece) => asJson(JSON.parse(piece)));
  const parts = chunks.flatMap((chunk) =>
    objects(chunk["choices"]).map((choice) => ({
      ...asJson(choice[stream ? "delta" : "message"]),
      finish_reason: choice["finish_reason"],
    })),
  );
  const usage = chunks.map((chunk) => chunk["usage"]).findLast(isJson);
  const hidden = count(asJson(usage?.["completion_tokens_details"])["reasoning_tokens"]);
  const completion = count(usage?.["completion_tokens"]);
  const calls = callsOf(parts);
  const finish = parts.map((part) => part.finish_reason).findLast(Boolean);
  return {
    text: parts.map((part) => visible(asJson(part)["content"])).join(""),
    reasoning: parts.map((part) => thought(part)).join(""),
    calls,
    // The recordings hold no other words.
    finish: calls.length > 0 ? "tool_calls" : (finish as Said["finish"]),
    usage:
      usage === undefined
        ? null
        : {
            input: count(usage["prompt_tokens"]),
            // xAI's chat wire counts reasoning beside the completion, everyone else within it.
            output: vendor === "xai" ? completion + hidden : completion,
          },
    warnings: [],
  };
};

/**
 * The events a client of the vendor's own takes: it refuses a second answer spliced in after an
 * unfinished one, which replaces it.
 */
export const withoutUnfinished = (recording: Recording): Recording => {
  const { wire, stream, pieces } = recording;
  if (wire !== "anthropic-messages" || !stream) return recording;
  const start = pieces.findLastIndex(
    (piece) => asJson(JSON.parse(piece))["type"] === "message_start",
  );
  const kept = pieces.slice(start);
  return { ...recording, pieces: kept, bytes: Buffer.from(asEvents(wire, kept)) };
};

/**
 * What a recording says: on wires with one client of their own, what that client reads from the
 * recording itself, played at `place`.
 */
export const saidOriginally = (recording: Recording, place: Place): Promise<Said> => {
  switch (recording.wire) {
    case "anthropic-messages":
      return anthropicMessages.read(place, recording.stream);
    case "gemini":
      return googleGenerateContent.read(place, recording.stream);
    case "openai-responses":
      return openAiResponses.read(place, recording.stream);
    case "openai-chat":
    default:
      return Promise.resolve(saidInChat(recording));
  }
};
