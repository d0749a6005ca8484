import {
  asEvents,
  presetOfVendor,
  recordedChatReplies,
  recordedChatStreams,
  recordedReplies,
  recordedStreams,
} from "../fixtures/wire/load.ts";
import type { RecordedReply, RecordedStream, RecordedWire } from "../fixtures/wire/load.ts";

/** One recorded answer, ready to be played. */
export type Recording = {
  readonly file: string;
  readonly vendor: string;
  readonly wire: RecordedWire;
  readonly stream: boolean;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The JSON of the answer, or of each of its events. */
  readonly pieces: readonly string[];
};

const ofStream = (wire: RecordedWire, { file, vendor, chunks }: RecordedStream): Recording => ({
  file,
  vendor,
  wire,
  stream: true,
  contentType: "text/event-stream",
  bytes: Buffer.from(asEvents(wire, chunks)),
  pieces: chunks,
});

const ofReply = (wire: RecordedWire, { file, vendor, body }: RecordedReply): Recording => ({
  file,
  vendor,
  wire,
  stream: false,
  contentType: "application/json",
  bytes: Buffer.from(body),
  pieces: [body],
});

const otherWires = ["anthropic-messages", "gemini", "openai-responses"] as const;

/** Every recorded answer of every vendor and wire. */
export const recordings: readonly Recording[] = [
  ...recordedChatReplies().map((reply) => ofReply("openai-chat", reply)),
  ...recordedChatStreams().map((stream) => ofStream("openai-chat", stream)),
  ...otherWires.flatMap((wire) => [
    ...recordedReplies(wire).map((reply) => ofReply(wire, reply)),
    ...recordedStreams(wire).map((stream) => ofStream(wire, stream)),
  ]),
];

/** The answer cut at odd places: no event ends where a read does. */
export const piecesOf = ({ bytes }: Recording): readonly Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1777) pieces.push(bytes.subarray(at, at + 1777));
  return pieces;
};

/** Name of the provider that stands for a recording's vendor on its wire. */
export const providerOf = ({ vendor, wire }: Pick<Recording, "vendor" | "wire">): string =>
  `${vendor}_${wire}`.replaceAll("-", "_");

/** The one model of that provider. */
export const modelOf = (recording: Pick<Recording, "vendor" | "wire">): string =>
  `${providerOf(recording)}_model`;

/** How a provider of that wire is configured. */
export const providerEntry = (
  { vendor, wire }: Pick<Recording, "vendor" | "wire">,
  origin: string,
): Readonly<Record<string, unknown>> => {
  const model = { id: "recorded", price: { input: 1, output: 2 }, maxOutputTokens: 32_000 };
  const common = { apiKey: "sk-recorded" };
  const models = (endpoints: Readonly<Record<string, unknown>>) => ({
    models: { [modelOf({ vendor, wire })]: { ...model, ...endpoints } },
  });
  switch (wire) {
    case "anthropic-messages":
      return { kind: "anthropic", baseUrl: `${origin}/v1`, ...common, ...models({}) };
    case "gemini":
      return { kind: "google", baseUrl: `${origin}/v1beta`, ...common, ...models({}) };
    case "openai-responses":
      return {
        kind: "openai",
        baseUrl: `${origin}/v1`,
        ...common,
        // A model that takes tools and a level of reasoning together on this wire only.
        ...models({ id: "gpt-5.4-recorded", endpoints: ["chat_completions", "responses"] }),
      };
    case "openai-chat":
    default:
      return {
        kind: "openai-compatible",
        preset: presetOfVendor[vendor],
        baseUrl: `${origin}/v1`,
        ...common,
        ...models({}),
      };
  }
};
