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
]);

/** Whole items of a response, or the one an event ends. */
const itemsOf = (piece: Json): readonly Json[] =>
  piece["type"] === "response.output_item.done"
    ? [asJson(piece["item"])]
    : objects(piece["object"] === "response" ? piece["output"] : []);

/** What some answers carry and not every surface has a form for. */
export type Extra = "sources" | "hosted tools" | "images";

/** An extra of an answer, and whether a surface can say it. */
type Carried = { readonly extra: Extra; readonly kept: boolean };

const fromMessages = (surface: Surface, piece: Json): readonly Carried[] => [
  ...blocksOf(piece)
    .filter(({ type }) => !commonBlocks.has(type))
    .map(() => ({ extra: "hosted tools", kept: surface === "messages" }) as const),
  ...citationsOf(piece).map(({ type }) => {
    const isLink = type === "web_search_result_location";
    return { extra: "sources", kept: surface === "messages" || isLink } as const;
  }),
];

const fromItem = (surface: Surface, item: Json): readonly Carried[] => {
  const { type } = item;
  if (type === "image_generation_call") {
    // An image comes in the answer, or lies somewhere at the provider.
    const isHere = surface === "chat" && !text(item["result"]).startsWith("http");
    return [{ extra: "images", kept: surface === "responses" || isHere }];
  }
  // xAI runs these itself.
  const isOwn = type === "custom_tool_call" && text(item["name"]).startsWith("x_");
  if (isOwn || !commonItems.has(type)) {
    return [{ extra: "hosted tools", kept: surface === "responses" }];
  }
  const annotations = objects(item["content"]).flatMap((part) => objects(part["annotations"]));
  return annotations.map((entry) => {
    const isLink = surface === "chat" && entry["type"] === "url_citation";
    return { extra: "sources", kept: surface === "responses" || isLink };
  });
};

/** The extras of an answer on a surface; one the surface has no form for must be warned of. */
export const extrasOn = (surface: Surface, recording: Recording): readonly Carried[] =>
  jsonOf(recording).flatMap((piece): readonly Carried[] => {
    switch (recording.wire) {
      case "anthropic-messages":
        return fromMessages(surface, piece);
      case "openai-chat":
        // Perplexity's sources: Anthropic's citations hold more than an address.
        return "citations" in piece || "search_results" in piece
          ? [{ extra: "sources", kept: surface !== "messages" }]
          : [];
      case "openai-responses":
        return itemsOf(piece).flatMap((item) => fromItem(surface, item));
      case "gemini":
      default:
        return [];
    }
  });

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
  const isWhole = extrasOn(surface, recording).every(({ kept }) => kept);
  const warnings = isWhole ? [] : ["content_dropped"];
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
