import { present } from "../json/present.ts";
import type { OutputPart } from "./content.ts";
import type { NeutralChoice, NeutralReply } from "./request.ts";
import type { StreamItem } from "./stream-item.ts";

const sealOf = (part: OutputPart): { readonly signature?: string; readonly maker?: string } => ({
  ...("signature" in part && present("signature", part.signature)),
  ...("maker" in part && present("maker", part.maker)),
});

const itemsOfPart = (part: OutputPart, choice: number, call: number): readonly StreamItem[] => {
  const { signature, maker } = sealOf(part);
  const seal = signature === undefined ? null : { choice, signature, ...present("maker", maker) };
  switch (part.kind) {
    case "text": {
      const { text, phase } = part;
      const said: StreamItem = { kind: "text", choice, text, ...present("phase", phase) };
      const shown = text === "" && seal !== null ? [] : [said];
      return seal === null ? shown : [...shown, { kind: "text_signature", ...seal }];
    }
    case "refusal":
      return [{ kind: "refusal", choice, text: part.text }];
    case "reasoning": {
      const said: StreamItem = { kind: "reasoning", choice, text: part.text };
      return seal === null
        ? [said]
        : [said, { kind: "reasoning_signature", ...seal, ...present("id", part.id) }];
    }
    case "reasoning_redacted":
      return [{ kind: "reasoning_redacted", choice, data: part.data, ...present("maker", maker) }];
    case "tool_call": {
      const { id, name } = part;
      return [
        { kind: "tool_call", choice, call, id, name, ...sealOf(part) },
        { kind: "tool_arguments", choice, call, text: part.arguments },
      ];
    }
    case "image": {
      const { mimeType, data } = part;
      return [{ kind: "image", choice, mimeType, data, ...sealOf(part) }];
    }
    case "native":
    default:
      return [{ kind: "native", choice, wire: part.wire, json: part.json }];
  }
};

/** The items of one choice, `call` counted over its tool calls. */
const itemsOfChoice = (answer: NeutralChoice): readonly StreamItem[] => {
  const choice = answer.index;
  const items: StreamItem[] = [];
  let call = 0;
  // A stream says what belongs to a text before it; of a whole answer that is the last one.
  const lastText = answer.parts.findLastIndex(({ kind }) => kind === "text");
  const logprobs: readonly StreamItem[] =
    answer.logprobs === null || answer.logprobs === undefined
      ? []
      : [{ kind: "logprobs", choice, logprobs: answer.logprobs }];
  for (const [at, part] of answer.parts.entries()) {
    if (at === lastText) items.push(...logprobs);
    items.push(...itemsOfPart(part, choice, call));
    if (part.kind === "tool_call") call += 1;
  }
  if (lastText === -1) items.push(...logprobs);
  if (answer.annotations !== undefined) {
    items.push({ kind: "annotations", choice, annotations: answer.annotations });
  }
  items.push({
    kind: "finish",
    choice,
    reason: answer.finish,
    native: answer.native,
    ...present("stopSequence", answer.stopSequence),
  });
  return items;
};

/** A whole answer as the steps of a stream, for a provider that was asked to stream and did not. */
export const itemsOfReply = (reply: NeutralReply): readonly StreamItem[] => [
  {
    kind: "head",
    id: reply.id,
    model: reply.model,
    createdSeconds: reply.createdSeconds,
    ...(reply.systemFingerprint === undefined
      ? {}
      : { systemFingerprint: reply.systemFingerprint }),
    ...(reply.serviceTier === undefined ? {} : { serviceTier: reply.serviceTier }),
  },
  ...reply.choices.flatMap(itemsOfChoice),
  ...(reply.usage === null ? [] : [{ kind: "usage" as const, usage: reply.usage }]),
];
