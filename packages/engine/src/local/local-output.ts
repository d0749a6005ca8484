import type { AnswerOutput } from "../surfaces/answer-output.ts";

/** So much waits for its reader before the provider has to, bytes; a socket takes as much. */
const mostWaitingBytes = 64 * 1024;

const utf8 = new TextEncoder();

/** In memory of its own: Node's small buffers lie beside others, which a reader who hands them on would hand on too. */
const bytesOf = (text: string, encoding: "utf8" | "latin1"): Uint8Array =>
  encoding === "utf8" ? utf8.encode(text) : Uint8Array.from(Buffer.from(text, encoding));

/** An answer as a web `Response`, whose body pauses the provider while nobody reads it. */
export class LocalOutput implements AnswerOutput {
  /** Fails with the signal's reason where that comes before the head. */
  readonly response: Promise<Response>;
  headersSent = false;
  destroyed = false;
  readonly #signal: AbortSignal | null;
  readonly #heard: { close?: () => void; drain?: () => void } = {};
  #settle: { resolve(response: Response): void; reject(reason: unknown): void } | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(signal: AbortSignal | null) {
    this.#signal = signal;
    this.response = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    signal?.addEventListener("abort", this.#abort);
  }

  writeHead(status: number, headers: readonly string[]): void {
    this.headersSent = true;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        pull: () => this.#tell("drain"),
        cancel: () => this.#leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: mostWaitingBytes }),
    );
    const named = new Headers();
    for (let at = 0; at + 1 < headers.length; at += 2) {
      named.append(headers[at] ?? "", headers[at + 1] ?? "");
    }
    this.#settle?.resolve(new Response(body, { status, headers: named }));
  }

  write(piece: string | Uint8Array): boolean {
    if (this.destroyed || this.#body === undefined) return true;
    this.#body.enqueue(typeof piece === "string" ? utf8.encode(piece) : piece);
    return (this.#body.desiredSize ?? 0) > 0;
  }

  end(text: string, encoding: "utf8" | "latin1"): void {
    if (this.destroyed) return;
    if (text !== "") this.#body?.enqueue(bytesOf(text, encoding));
    this.#body?.close();
    this.#signal?.removeEventListener("abort", this.#abort);
  }

  once(event: "close" | "drain", heard: () => void): void {
    this.#heard[event] = heard;
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#settle?.reject(reason);
    this.#body?.error(reason);
    this.#leave();
  };

  #leave(): void {
    this.destroyed = true;
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#tell("close");
  }

  #tell(event: "close" | "drain"): void {
    const heard = this.#heard[event];
    delete this.#heard[event];
    heard?.();
  }
}
