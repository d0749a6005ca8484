/** Names and values in turn, the form of headers that Node takes without making another of it. */
export type FlatHeaders = readonly string[];

/** Where an answer is written. Node's own `ServerResponse` is one; so is what an embedded `fetch` answers with. */
export interface AnswerOutput {
  readonly headersSent: boolean;
  /** Nobody reads it any more. */
  readonly destroyed: boolean;
  writeHead(status: number, headers: string[]): unknown;
  /** @returns `false` = it is read slowly, and a `drain` comes once it has been */
  write(piece: string | Uint8Array): boolean;
  /** `latin1` = byte text. */
  end(text: string, encoding: "utf8" | "latin1"): unknown;
  /** `close`: it is over, or nobody reads it any more. */
  once(event: "close" | "drain", heard: () => void): unknown;
}
