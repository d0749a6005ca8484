import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { SimulatedFault } from "../fault.ts";
import type { Emission } from "../model/emission.ts";
import type { AnswerWriter } from "../wire/wire.ts";
import type { Meter } from "./meter.ts";
import { commonHeaders, writeJson } from "./write-json.ts";

export type AnswerOptions = {
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly startMs: number;
  readonly stream: boolean;
  readonly writer: AnswerWriter;
  /** One per choice. */
  readonly emissions: readonly Emission[];
  readonly meter: Meter;
  /** Waits until a step's time; `false` once the call is aborted. */
  readonly pace: (step: number) => Promise<boolean>;
  readonly fault: SimulatedFault | null;
  /** Waits until the call is aborted. */
  readonly hang: () => Promise<void>;
};

/** Writes an answer at its pace, as JSON or as a stream, with the fault that meets it. */
export const writeAnswer = (options: AnswerOptions): Promise<void> =>
  options.stream ? writeStream(options) : writeWhole(options);

const longestOf = (emissions: readonly Emission[]): number =>
  Math.max(0, ...emissions.map(({ pieces }) => pieces.length));

/** The steps of all choices side by side; a caller that goes stops the work, and the count, there. */
const writeWhole = async (options: AnswerOptions): Promise<void> => {
  const { response, startMs, writer, emissions, meter, pace, fault } = options;
  for (let step = 0; step < longestOf(emissions); step += 1) {
    if (!(await pace(step))) return;
    for (const { pieces } of emissions) {
      const piece = pieces[step];
      if (piece !== undefined) meter.addPiece(piece);
    }
  }
  meter.bill();
  const body = writer.whole(emissions, meter.usage());
  if (fault === null || fault.kind === "status" || fault.kind === "error_event") {
    writeJson(response, { status: 200, body, startMs });
    return;
  }
  if (fault.kind === "hang") return options.hang();
  const text = JSON.stringify(body);
  response.writeHead(200, { "content-type": "application/json", ...commonHeaders(startMs) });
  response.write(text.slice(0, text.length / 2));
  endEarly(response, fault.how);
};

const endEarly = (response: ServerResponse, how: "close" | "end" = "close"): void => {
  if (how === "end") response.end();
  // What is written leaves first; the end of the body never comes.
  else response.socket?.destroySoon();
};

const writeStream = async (options: AnswerOptions): Promise<void> => {
  const { response, signal, startMs, writer, emissions, meter, pace, fault } = options;
  const send = async (events: string): Promise<void> => {
    if (events === "" || response.write(events) || signal.aborted) return;
    // Rejects only when the signal aborts, which the next step sees.
    await once(response, "drain", { signal }).catch(() => undefined);
  };
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    ...commonHeaders(startMs),
  });
  let contentEvents = 0;
  const faultIsDue = (): boolean =>
    fault !== null && fault.kind !== "status" && contentEvents >= (fault.afterContentEvents ?? 0);

  await send(writer.open(emissions, meter.usage()));
  for (let step = 0; step <= longestOf(emissions); step += 1) {
    if (!(await pace(step))) return;
    for (const [choice, { pieces, finish }] of emissions.entries()) {
      if (faultIsDue()) return meetFault(options);
      const piece = pieces[step];
      if (piece !== undefined) {
        await send(writer.piece(choice, piece, meter.usage()));
        if (signal.aborted) return;
        meter.addPiece(piece);
        contentEvents += 1;
      } else if (step === pieces.length) {
        await send(writer.finish(choice, finish));
      }
    }
  }
  // Billed before the caller can see the end, so that an invoice read then is complete.
  meter.bill();
  response.end(writer.close(meter.usage()));
};

const meetFault = async ({
  response,
  fault,
  meter,
  writer,
  hang,
}: AnswerOptions): Promise<void> => {
  meter.bill();
  switch (fault?.kind) {
    case "hang":
      return hang();
    case "error_event":
      response.end(writer.error(fault.code ?? null));
      return;
    case "cut":
      endEarly(response, fault.how);
      return;
    case "status":
    case undefined:
  }
};
