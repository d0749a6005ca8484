import { extrasOn } from "./expected.ts";
import type { Recording } from "./recording.ts";
import type { Said } from "./said.ts";
import type { SurfaceClients } from "./surfaces.ts";

type Surface = SurfaceClients["surface"];

const features = [
  "text",
  "reasoning",
  "tool calls",
  "length",
  "filter",
  "usage",
  "sources",
  "hosted tools",
  "images",
] as const;
type Feature = (typeof features)[number];

type Cell = { kept: number; reported: number };

const wireNames: Readonly<Record<Recording["wire"], string>> = {
  "openai-chat": "chat",
  "openai-responses": "Responses",
  "anthropic-messages": "Messages",
  gemini: "generateContent",
};

const titles: Readonly<Record<Surface, string>> = {
  chat: "On chat (`/v1/chat/completions`)",
  responses: "On Responses (`/v1/responses`)",
  messages: "On Messages (`/v1/messages`)",
};

/** What an answer says that a client of every surface reads. */
const saidFeatures = (said: Said): readonly Feature[] => [
  ...(said.text === "" ? [] : (["text"] as const)),
  ...(said.reasoning === "" ? [] : (["reasoning"] as const)),
  ...(said.calls.length === 0 ? [] : (["tool calls"] as const)),
  ...(said.finish === "length" ? (["length"] as const) : []),
  ...(said.finish === "content_filter" ? (["filter"] as const) : []),
  ...(said.usage === null ? [] : (["usage"] as const)),
];

const show = (cell: Cell | undefined): string => {
  if (cell === undefined) return "";
  const kept = cell.kept === 0 ? [] : [`${cell.kept}`];
  const reported = cell.reported === 0 ? [] : [`${cell.reported} reported lost`];
  return [...kept, ...reported].join(", ");
};

const intro = `# What survives translation

Written by a test (\`test/translation/recorded-replies.test.ts\`): answers that providers really gave, whole and
streamed, are played to the gateway and read by the surface's own client (\`openai\`, \`@anthropic-ai/sdk\`) and by the
Vercel AI SDK. A number is how many recorded answers had the feature and were read just as the vendor's own client
reads the original; text, reasoning, tool calls, why it ended (\`length\`, \`filter\`) and usage are compared value by
value. _Reported lost_: the surface has no form for it, and \`routing_metadata.warnings\` says so with
\`content_dropped\`. Empty: no recorded answer has it. Nothing is lost without a warning; an answer that could not be
given whole is an error and not counted here.

Signatures, encrypted reasoning and call ids go out sealed and come back unchanged, whatever the surface: the tool loops
in \`test/loops\` hold that against upstreams that verify them.
`;

/** Collects what clients read, and writes it up as a page. */
export const createMatrix = (): {
  add(surface: Surface, recording: Recording, said: Said): void;
  page(): string;
} => {
  const tables = new Map<Surface, Map<string, Map<Feature, Cell>>>();

  const count = (row: Map<Feature, Cell>, feature: Feature, kept: boolean): void => {
    const cell = row.get(feature) ?? { kept: 0, reported: 0 };
    row.set(feature, cell);
    if (kept) cell.kept += 1;
    else cell.reported += 1;
  };

  const table = (surface: Surface): string => {
    const rows = [...(tables.get(surface) ?? new Map<string, Map<Feature, Cell>>())];
    const lines = rows
      .toSorted(([a], [b]) => a.localeCompare(b, "en"))
      .map(
        ([name, row]) => `| ${[name, ...features.map((one) => show(row.get(one)))].join(" | ")} |`,
      );
    const head = `| provider, wire | ${features.join(" | ")} |`;
    const rule = `| --- |${" --- |".repeat(features.length)}`;
    return [`## ${titles[surface]}`, "", head, rule, ...lines, ""].join("\n");
  };

  return {
    add: (surface, recording, said) => {
      const rows = tables.get(surface) ?? new Map<string, Map<Feature, Cell>>();
      tables.set(surface, rows);
      const name = `${recording.vendor}, ${wireNames[recording.wire]}`;
      const row = rows.get(name) ?? new Map<Feature, Cell>();
      rows.set(name, row);
      for (const feature of saidFeatures(said)) count(row, feature, true);
      const extras = extrasOn(surface, recording);
      for (const extra of new Set(extras.map((one) => one.extra))) {
        count(
          row,
          extra,
          extras.every((one) => one.extra !== extra || one.kept),
        );
      }
    },
    page: () => [intro, ...[...tables.keys()].map((surface) => table(surface))].join("\n"),
  };
};
