import type { Usage } from "@pointsman/core";
import { present } from "../json/present.ts";
import type { Annotation, OutputPart } from "./content.ts";
import type { NeutralChoice, NeutralReply } from "./request.ts";
import type { ProviderErrorInfo, StreamItem } from "./stream-item.ts";

type Draft = {
  readonly parts: OutputPart[];
  annotations: Annotation[];
  finish: Extract<StreamItem, { kind: "finish" }> | null;
  logprobs: unknown;
};

/** The items of an answer added up: a reply, an error told within it, or neither. */
export type CollectedReply =
  | { readonly kind: "reply"; readonly reply: NeutralReply }
  | { readonly kind: "error"; readonly error: ProviderErrorInfo; readonly usage: Usage | null }
  /** A choice has no finish, or there is none at all. */
  | { readonly kind: "unfinished"; readonly usage: Usage | null };

const mergeLogprobs = (before: unknown, more: unknown): unknown => {
  // Both are logprobs objects of the chat wire.
  const [a, b] = [before, more] as { readonly content?: readonly unknown[] | null }[];
  if (a === null || a === undefined) return more;
  return { ...a, ...b, content: [...(a.content ?? []), ...(b?.content ?? [])] };
};

const addText = (parts: OutputPart[], item: Extract<StreamItem, { kind: "text" }>): void => {
  const last = parts.at(-1);
  const goesOn = last?.kind === "text" && last.signature === undefined && last.phase === item.phase;
  if (goesOn) parts[parts.length - 1] = { ...last, text: last.text + item.text };
  else parts.push({ kind: "text", text: item.text, ...present("phase", item.phase) });
};

const sign = (
  parts: OutputPart[],
  kind: "text" | "reasoning",
  seal: { readonly signature: string; readonly maker?: string; readonly id?: string },
): void => {
  const { signature } = seal;
  const marks = { signature, ...present("maker", seal.maker), ...present("id", seal.id) };
  const last = parts.at(-1);
  if (last?.kind === kind && last.signature === undefined) {
    parts[parts.length - 1] = { ...last, ...marks };
  } else {
    parts.push({ kind, text: "", ...marks });
  }
};

const addArguments = (parts: OutputPart[], call: number, text: string): void => {
  let seen = -1;
  const at = parts.findIndex((part) => part.kind === "tool_call" && (seen += 1) === call);
  const part = parts[at];
  if (part?.kind === "tool_call") parts[at] = { ...part, arguments: part.arguments + text };
};

const addItem = (draft: Draft, item: StreamItem): void => {
  const { parts } = draft;
  switch (item.kind) {
    case "text":
      return addText(parts, item);
    case "reasoning": {
      const last = parts.at(-1);
      const goesOn = last?.kind === "reasoning" && last.signature === undefined;
      if (goesOn) parts[parts.length - 1] = { ...last, text: last.text + item.text };
      else parts.push({ kind: "reasoning", text: item.text });
      return;
    }
    case "refusal": {
      const last = parts.at(-1);
      const said = last?.kind === "refusal" ? last.text + item.text : item.text;
      if (last?.kind === "refusal") parts[parts.length - 1] = { kind: "refusal", text: said };
      else parts.push({ kind: "refusal", text: said });
      return;
    }
    case "text_signature":
      return sign(parts, "text", item);
    case "reasoning_signature":
      return sign(parts, "reasoning", item);
    case "reasoning_redacted":
      parts.push({ kind: item.kind, data: item.data, ...present("maker", item.maker) });
      return;
    case "tool_call": {
      const { id, name, signature, maker } = item;
      const seal = { ...present("signature", signature), ...present("maker", maker) };
      parts.push({ kind: "tool_call", id, name, arguments: "", ...seal });
      return;
    }
    case "tool_arguments":
      return addArguments(parts, item.call, item.text);
    case "image": {
      const { choice: _choice, ...image } = item;
      parts.push(image);
      return;
    }
    case "native":
      parts.push({ kind: "native", wire: item.wire, json: item.json });
      return;
    case "annotations":
      draft.annotations.push(...item.annotations);
      return;
    case "logprobs":
      draft.logprobs = mergeLogprobs(draft.logprobs, item.logprobs);
      return;
    case "finish":
      draft.finish = item;
      return;
    case "raw":
    case "head":
    case "usage":
    case "error":
    case "malformed":
    default:
  }
};

const withArguments = (part: OutputPart): OutputPart =>
  part.kind === "tool_call" && part.arguments === "" ? { ...part, arguments: "{}" } : part;

/** Adds the items of a whole answer up; the opposite of `itemsOfReply`. */
export const collectReply = (items: Iterable<StreamItem>): CollectedReply => {
  const drafts = new Map<number, Draft>();
  let head: Extract<StreamItem, { kind: "head" }> | null = null;
  let usage: Usage | null = null;
  for (const item of items) {
    if (item.kind === "error") return { kind: "error", error: item.error, usage };
    if (item.kind === "head") head ??= item;
    if (item.kind === "usage") usage = item.usage;
    if (!("choice" in item)) continue;
    const draft = drafts.get(item.choice) ?? {
      parts: [],
      annotations: [],
      finish: null,
      logprobs: null,
    };
    drafts.set(item.choice, draft);
    addItem(draft, item);
  }
  const choices: NeutralChoice[] = [];
  for (const [index, { parts, annotations, finish, logprobs }] of drafts) {
    if (finish === null) return { kind: "unfinished", usage };
    choices.push({
      index,
      parts: parts.map(withArguments),
      ...(annotations.length === 0 ? {} : { annotations }),
      finish: finish.reason,
      native: finish.native,
      ...present("stopSequence", finish.stopSequence),
      logprobs,
    });
  }
  if (choices.length === 0) return { kind: "unfinished", usage };
  const reply: NeutralReply = {
    id: head?.id ?? null,
    model: head?.model ?? null,
    createdSeconds: head?.createdSeconds ?? null,
    choices,
    usage,
    ...present("systemFingerprint", head?.systemFingerprint),
    ...present("serviceTier", head?.serviceTier),
  };
  return { kind: "reply", reply };
};
