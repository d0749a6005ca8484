/** One kind of request, and what its answer must look like. */
export type Workload = {
  readonly name: WorkloadName;
  readonly title: string;
  readonly stream: boolean;
  /** Requests a second where all servers get the same: a load that no server is short of breath at. */
  readonly requestsPerSecond: number;
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

type Shape = {
  readonly promptBytes: number;
  readonly stream: boolean;
  readonly requestsPerSecond: number;
};

const workload = (
  name: WorkloadName,
  title: string,
  { promptBytes, stream, requestsPerSecond }: Shape,
): Workload => ({
  name,
  title,
  stream,
  requestsPerSecond,
  bodies: Array.from({ length: 32 }, (_, variant) => requestBody(promptBytes, stream, variant)),
});

export const workloads: readonly Workload[] = [
  workload("json-1k", "1 kB JSON", { promptBytes: 800, stream: false, requestsPerSecond: 3000 }),
  workload("prompt-100k", "100 kB prompt", {
    promptBytes: 100_000,
    stream: false,
    requestsPerSecond: 1000,
  }),
  workload("stream-32", `${streamEvents}-event stream`, {
    promptBytes: 800,
    stream: true,
    requestsPerSecond: 1000,
  }),
];
