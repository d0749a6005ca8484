import type { Recording } from "./recording.ts";
import type { Json, Said } from "./said.ts";
import { asJson, objects, text } from "./said.ts";
import type { SurfaceClients } from "./surfaces.ts";

type Surface = SurfaceClients["surface"];

/** What a client of a surface must read: an answer, or an error with this code. */
export type Expected = { readonly said: Said } | { readonly error: string };

/** Blocks of an Anthropic answer that every surface has a form for. */
const commonBlocks: ReadonlySet<unknown> = new Set([
  "text",
  "thinking",
  "redacted_thinking",
  "tool_use",
]);

const blocksOf = (piece: Json): readonly Json[] => [
  ...objects(piece["content"]),
  ...objects(asJson(piece["message"])["content"]),
  ...("content_block" in piece ? [asJson(piece["content_block"])] : []),
];

const citationsOf = (piece: Json): readonly Json[] => [
  ...blocksOf(piece).flatMap((block) => objects(block["citations"])),
  ...("citation" in asJson(piece["delta"]) ? [asJson(asJson(piece["delta"])["citation"])] : []),
];

const jsonOf = ({ pieces }: Recording): readonly Json[] =>
  pieces.map((piece) => asJson(JSON.parse(piece)));

/** Items of a response that every surface has a form for. */
const commonItems: ReadonlySet<unknown> = new Set([
  "message",
  "reasoning",
  "function_call",
  "custom_tool_call",
  "image_generation_call",
]);

/** Whole items of a response, or the one an event ends. */
const itemsOf = (piece: Json): readonly Json[] =>
  piece["type"] === "response.output_item.done"
    ? [asJson(piece["item"])]
    : objects(piece["object"] === "response" ? piece["output"] : []);

const dropsOutput = (surface: Surface, piece: Json): boolean =>
  itemsOf(piece).some((item) => {
    const { type } = item;
    if (!commonItems.has(type)) return true;
    // xAI runs these itself.
    if (type === "custom_tool_call") return text(item["name"]).startsWith("x_");
    // An image comes in the answer, or lies somewhere at the provider.
    if (type === "image_generation_call") {
      return surface === "messages" || text(item["result"]).startsWith("http");
    }
    const annotations = objects(item["content"]).flatMap((part) => objects(part["annotations"]));
    return annotations.some((entry) => surface === "messages" || entry["type"] !== "url_citation");
  });

/** Whether a surface has no form for something in an answer, so that a warning must say so. */
const drops = (surface: Surface, recording: Recording): boolean => {
  const pieces = jsonOf(recording);
  switch (recording.wire) {
    case "anthropic-messages":
      if (surface === "messages") return false;
      return pieces.some(
        (piece) =>
          blocksOf(piece).some(({ type }) => !commonBlocks.has(type)) ||
          citationsOf(piece).some(({ type }) => type !== "web_search_result_location"),
      );
    case "openai-chat":
      // Perplexity's sources: Anthropic's citations hold more than an address.
      return (
        surface === "messages" &&
        pieces.some((piece) => "citations" in piece || "search_results" in piece)
      );
    case "openai-responses":
      return surface !== "responses" && pieces.some((piece) => dropsOutput(surface, piece));
    case "gemini":
    default:
      return false;
  }
};

/** Two answers in one stream, the first unfinished: a part of it is out before the second begins. */
const startsAnew = ({ wire, pieces }: Recording): boolean =>
  wire === "anthropic-messages" &&
  pieces.filter((piece) => asJson(JSON.parse(piece))["type"] === "message_start").length > 1;

/** The same as the original, but for what a surface cannot say; each exception with its reason. */
export const expectedOn = (surface: Surface, recording: Recording, original: Said): Expected => {
  if (startsAnew(recording)) return { error: "upstream_error" };
  // An answer that was filtered before it said anything is the caller's content (docs/contract.md §6).
  const saysNothing = original.text + original.reasoning === "" && original.calls.length === 0;
  // Only Anthropic's own callers get its own word for it.
  const passes = surface === "messages" && recording.wire === "anthropic-messages";
  if (original.finish === "content_filter" && saysNothing && !passes)
    return { error: "content_filtered" };
  const warnings = drops(surface, recording) ? ["content_dropped"] : [];
  return { said: { ...original, warnings } };
};

/** The gateway's code in an error that any of the clients raised. */
export const codeOf = (error: unknown): string => {
  const { code, error: body, responseBody, data, message } = asJson(error);
  const nested = asJson(asJson(body)["error"] ?? body);
  const details = asJson(nested["details"]);
  const seen = [code, nested["code"], details["error_code"], responseBody, data, message]
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value ?? "")))
    .join(" ");
  return /content_filtered|upstream_error/u.exec(seen)?.[0] ?? text(message);
};
