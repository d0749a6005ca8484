import { isAscii } from "node:buffer";
import { emptyUsage } from "@pointsman/core";
import {
  canonicalChatDialect,
  canonicalResponsesDialect,
  createChatStreamDecoder,
  createChatStreamEncoder,
  createGeminiStreamDecoder,
  createMessagesStreamDecoder,
  createMessagesStreamEncoder,
  createPassthroughChatDecoder,
  createPassthroughMessagesDecoder,
  createPassthroughResponsesDecoder,
  createResponsesStreamDecoder,
  createResponsesStreamEncoder,
  encodeChatRequest,
  encodeGeminiRequest,
  encodeMessagesRequest,
  encodePassthroughChatRequest,
  encodeResponsesRequest,
  plainGeminiDialect,
  readChatRequest,
} from "@pointsman/translate";
import type {
  MessagesDialect,
  StreamDecoder,
  StreamEncoder,
  StreamItem,
} from "@pointsman/translate";
import type { Subject, SubjectGroup } from "../timing/subject.ts";
import { wireStreams } from "./streams.ts";
import type { WireStream } from "./streams.ts";

/** Subjects over one input; times are divided by `units` (events), `bytes` pass in one operation. */
export type TranslateGroup = SubjectGroup & {
  readonly units: number;
  readonly bytes: number;
  /** Aims as multiples of the first subject, by subject. */
  readonly aims: Readonly<Record<string, number>>;
};

const answer = {
  id: "chatcmpl-own",
  createdSeconds: 1_700_000_000,
  model: "m",
  excludeReasoning: false,
  legacyFunctions: false,
};
const close = { usage: emptyUsage, routingMetadata: () => ({ provider: "bench" }) };

const encoders: Readonly<Record<string, () => StreamEncoder>> = {
  chat: () => createChatStreamEncoder(answer),
  messages: () => createMessagesStreamEncoder(answer),
  responses: () => createResponsesStreamEncoder({ ...answer, request: { input: "Hi" } }),
};

const yardstick = ({ events }: WireStream): Subject => ({
  name: "JSON.parse + JSON.stringify of each event",
  loop: (count) => {
    let length = 0;
    for (let run = 0; run < count; run += 1) {
      for (const event of events) length += JSON.stringify(JSON.parse(event)).length;
    }
    return length;
  },
});

const through = (
  name: string,
  { chunks }: WireStream,
  createDecoder: () => StreamDecoder,
  createEncoder: (() => StreamEncoder) | null,
): Subject => ({
  name,
  loop: (count) => {
    let length = 0;
    for (let run = 0; run < count; run += 1) {
      const decoder = createDecoder();
      const encoder = createEncoder?.();
      for (const chunk of chunks) {
        const items: StreamItem[] = [];
        decoder.push(chunk, items);
        length += encoder === undefined ? items.length : encoder.items(items).length;
      }
      const rest: StreamItem[] = [];
      decoder.end(rest);
      length += encoder === undefined ? rest.length : encoder.items(rest).length;
      if (encoder !== undefined) length += encoder.end(close).length;
    }
    return length;
  },
});

const decoders: Readonly<Record<WireStream["wire"], () => StreamDecoder>> = {
  chat: () => createChatStreamDecoder(canonicalChatDialect),
  messages: createMessagesStreamDecoder,
  responses: () => createResponsesStreamDecoder("openai"),
  generateContent: createGeminiStreamDecoder,
};

const passing: Readonly<Partial<Record<WireStream["wire"], () => StreamDecoder>>> = {
  chat: () => createPassthroughChatDecoder(),
  messages: createPassthroughMessagesDecoder,
  responses: createPassthroughResponsesDecoder,
};

const streamGroup = (stream: WireStream): TranslateGroup => {
  const pass = passing[stream.wire];
  const translated = Object.entries(encoders).map(([surface, create]) =>
    through(`translated to ${surface}`, stream, decoders[stream.wire], create),
  );
  const passed = pass === undefined ? [] : [through("passed through", stream, pass, null)];
  return {
    name: `${stream.wire} stream of ${stream.events.length}`,
    units: stream.events.length,
    bytes: stream.chunks.reduce((sum, { length }) => sum + length, 0),
    subjects: [yardstick(stream), ...passed, ...translated],
    aims: {
      "passed through": 0.3,
      ...Object.fromEntries(translated.map(({ name }) => [name, 3])),
    },
  };
};

const promptOf = (bytes: number): Buffer => {
  const turn = "Where does the branch line leave the main line, and who sets the points there? ";
  const messages = Array.from({ length: 8 }, (_, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content: turn.repeat(Math.max(1, Math.round(bytes / 8 / turn.length))),
  }));
  const body = {
    model: "gpt-4o",
    stream: true,
    temperature: 0.5,
    messages: messages.slice(0, -1),
  };
  return Buffer.from(JSON.stringify(body));
};

const requestGroup = (kilobytes: number): TranslateGroup => {
  const bytes = promptOf(kilobytes * 1000);
  const text = bytes.toString();
  const read = () => {
    // As the gateway makes it of a request's bytes.
    const byteText = bytes.toString("latin1");
    const done = readChatRequest({ bytes, byteText, isAscii: isAscii(bytes) });
    if (!done.ok) throw new Error(done.error.message);
    return done.caller;
  };
  const subject = (name: string, work: () => number): Subject => ({
    name,
    loop: (count) => {
      let length = 0;
      for (let run = 0; run < count; run += 1) length += work();
      return length;
    },
  });
  const common = { model: "up", stream: true, maxOutputTokens: null };
  const claude: MessagesDialect = {
    thinking: { by: "nothing" },
    structuredOutput: true,
    sampling: "both",
    maxOutputTokens: 64_000,
  };
  const encoded = (body: unknown): number => JSON.stringify(body).length;
  return {
    name: `chat request of ${kilobytes} kB`,
    units: 1,
    bytes: bytes.length,
    subjects: [
      subject("JSON.parse + JSON.stringify", () => JSON.stringify(JSON.parse(text)).length),
      subject("read, validated, measured, hashed", () => read().chain.length),
      subject(
        "… and passed through",
        () =>
          encodePassthroughChatRequest(read(), {
            ...common,
            maxTokensField: "max_completion_tokens",
            dropFields: [],
          }).length,
      ),
      subject("… and to chat", () =>
        encoded(
          encodeChatRequest(read().neutral(), { ...common, dialect: canonicalChatDialect }).body,
        ),
      ),
      subject("… and to messages", () =>
        encoded(encodeMessagesRequest(read().neutral(), { ...common, dialect: claude }).body),
      ),
      subject("… and to responses", () =>
        encoded(
          encodeResponsesRequest(read().neutral(), {
            ...common,
            dialect: canonicalResponsesDialect,
          }).body,
        ),
      ),
      subject("… and to generateContent", () =>
        encoded(
          encodeGeminiRequest(read().neutral(), { ...common, dialect: plainGeminiDialect }).body,
        ),
      ),
    ],
    aims: {},
  };
};

/** All groups: requests of two lengths, streams of two lengths on every wire. */
export const translateGroups = (): readonly TranslateGroup[] => [
  ...[1, 100].map((kilobytes) => requestGroup(kilobytes)),
  ...[32, 1000].flatMap((count) => Object.values(wireStreams(count)).map(streamGroup)),
];
