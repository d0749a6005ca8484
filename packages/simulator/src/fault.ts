import type { Json } from "./model/json.ts";

type FaultScope = {
  /** How many calls it meets before it lifts by itself. @default unlimited */
  readonly times?: number;
  /** Only calls of this `providerModelId`. @default every model */
  readonly model?: string;
};

/**
 * What goes wrong with chat calls whose key is right. Content events are chunks with text,
 * reasoning or a piece of a tool call, over all choices; whole JSON answers count as one.
 *
 * - `status` answers at once with a status, headers and a body of one's own
 * - `cut` ends the connection after so many content events: by a closed connection, or cleanly but without
 *   finish and `[DONE]`; a JSON answer is cut in its middle
 * - `hang` falls silent after so many content events, and holds the connection
 * - `error_event` writes `data: {"error": …}` after so many content events and ends the stream
 */
export type SimulatedFault = FaultScope &
  (
    | {
        readonly kind: "status";
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        /** A string is sent as it is, anything else as JSON. @default an OpenAI error object */
        readonly body?: Json;
      }
    | {
        readonly kind: "cut";
        readonly afterContentEvents: number;
        /** @default "close" */
        readonly how?: "close" | "end";
      }
    | {
        readonly kind: "hang";
        /** @default 0: not even headers */
        readonly afterContentEvents?: number;
      }
    | {
        readonly kind: "error_event";
        readonly afterContentEvents: number;
        /** @default "server_error" */
        readonly code?: string;
      }
  );

/** The faults of one provider, the first that fits a call meets it. */
export type FaultQueue = {
  readonly set: (faults: readonly SimulatedFault[]) => void;
  /** The fault this call meets, counted; `null` = none. */
  readonly take: (model: string | null) => SimulatedFault | null;
};

export const createFaultQueue = (initial: readonly SimulatedFault[]): FaultQueue => {
  let queue: { readonly fault: SimulatedFault; left: number }[] = [];
  const set = (faults: readonly SimulatedFault[]): void => {
    queue = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
  };
  set(initial);
  return {
    set,
    take: (model) => {
      const found = queue.find(
        ({ fault, left }) => left > 0 && (fault.model === undefined || fault.model === model),
      );
      if (found === undefined) return null;
      found.left -= 1;
      return found.fault;
    },
  };
};
