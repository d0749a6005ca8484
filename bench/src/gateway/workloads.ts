/** One kind of request, and what its answer must look like. */
export type Workload = {
  readonly name: WorkloadName;
  readonly title: string;
  readonly stream: boolean;
  /** Request bodies, sent in turn; they differ from their first message on. */
  readonly bodies: readonly Buffer[];
};

export type WorkloadName = "json-1k" | "prompt-100k" | "stream-32";

/** Stands in every piece of content the upstream sends, so that counting it finds lost content. */
export const contentMarker = "semaphore";

/** Content events of a streamed answer. */
export const streamEvents = 32;

/** Markers in the content of a whole JSON answer. */
export const jsonMarkers = 8;

const path = "/v1/chat/completions";
export const workloadPath = path;

const sentence =
  'The signalman reads the board, says "clear" – and the 7:14 to Zürich leaves track 3.\n';

const prompt = (bytes: number, variant: number): string => {
  const start = `Shift ${variant}. `;
  return start + sentence.repeat(Math.ceil((bytes - start.length) / Buffer.byteLength(sentence)));
};

const requestBody = (promptBytes: number, stream: boolean, variant: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      model: "gpt-4o",
      messages: [
        { role: "system", content: "You are terse." },
        { role: "user", content: prompt(promptBytes, variant) },
      ],
      temperature: 0.2,
      max_tokens: 400,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    }),
  );

const workload = (
  name: WorkloadName,
  title: string,
  promptBytes: number,
  stream: boolean,
): Workload => ({
  name,
  title,
  stream,
  bodies: Array.from({ length: 32 }, (_, variant) => requestBody(promptBytes, stream, variant)),
});

export const workloads: readonly Workload[] = [
  workload("json-1k", "1 kB JSON", 800, false),
  workload("prompt-100k", "100 kB prompt", 100_000, false),
  workload("stream-32", `${streamEvents}-event stream`, 800, true),
];
