/** A call as a client would run it. */
export type SaidCall = { readonly name: string; readonly args: unknown };

/** What a client read out of one answer. */
export type Said = {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly SaidCall[];
  readonly finish: "stop" | "length" | "tool_calls" | "content_filter";
  /** `null` = the answer told none. Cached and written tokens are input, reasoning is output. */
  readonly usage: { readonly input: number; readonly output: number } | null;
  /** Codes of the gateway's warnings; none in an answer of a provider's own. */
  readonly warnings: readonly string[];
};

/** Where a client is pointed. */
export type Place = {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly model: string;
  /** Ask for reasoning and offer a tool: some models take both on the Responses wire only. */
  readonly reasonsWithTools?: boolean;
};

/** One client of one wire. */
export type Reader = {
  readonly name: string;
  read(place: Place, stream: boolean): Promise<Said>;
};

export type Json = { readonly [key: string]: unknown };

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asJson = (value: unknown): Json => (isJson(value) ? value : {});

export const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isJson) : [];

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

export const count = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Arguments as a client parses them; no text means none. */
export const parseArguments = (json: string): unknown => JSON.parse(json === "" ? "{}" : json);

/** Codes of the warnings in `routing_metadata`, whatever answer carries it. */
export const warningsOf = (answer: unknown): readonly string[] =>
  objects(asJson(asJson(answer)["routing_metadata"])["warnings"]).map(({ code }) => text(code));

/** The question every client asks; what comes back is recorded. */
export const question = "Hi";
