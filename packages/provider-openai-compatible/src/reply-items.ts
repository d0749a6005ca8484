import type { NeutralChoice, NeutralReply, OutputPart, StreamItem } from "@pointsman/translate";

/** The items of one choice, `call` counted over its tool calls. */
const itemsOfChoice = (answer: NeutralChoice): readonly StreamItem[] => {
  const choice = answer.index;
  const items: StreamItem[] = [];
  let call = 0;
  for (const part of answer.parts) {
    items.push(...itemsOfPart(part, choice, call));
    if (part.kind === "tool_call") call += 1;
  }
  if (answer.annotations !== undefined) {
    items.push({ kind: "annotations", choice, annotations: answer.annotations });
  }
  if (answer.logprobs !== null && answer.logprobs !== undefined) {
    items.push({ kind: "logprobs", choice, logprobs: answer.logprobs });
  }
  items.push({ kind: "finish", choice, reason: answer.finish, native: answer.native });
  return items;
};

const itemsOfPart = (part: OutputPart, choice: number, call: number): readonly StreamItem[] => {
  const signature = "signature" in part ? part.signature : undefined;
  const signed = signature === undefined ? {} : { signature };
  switch (part.kind) {
    case "text":
      return [{ kind: "text", choice, text: part.text }];
    case "refusal":
      return [{ kind: "refusal", choice, text: part.text }];
    case "reasoning": {
      const said: StreamItem = { kind: "reasoning", choice, text: part.text };
      return signature === undefined
        ? [said]
        : [said, { kind: "reasoning_signature", choice, signature }];
    }
    case "reasoning_redacted":
      return [{ kind: "reasoning_redacted", choice, data: part.data }];
    case "tool_call":
      return [
        { kind: "tool_call", choice, call, id: part.id, name: part.name, ...signed },
        { kind: "tool_arguments", choice, call, text: part.arguments },
      ];
    case "image":
      break;
  }
  return [{ kind: "image", choice, mimeType: part.mimeType, data: part.data, ...signed }];
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
