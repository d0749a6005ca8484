import type { Hold } from "@pointsman/core/budget";
import type { WindowBox } from "./budget-windows.ts";

/** A hold with the windows it is in. */
export type BookedHold = {
  readonly holdId: string;
  readonly workspaceId: string;
  readonly memo: string;
  readonly boxes: readonly WindowBox[];
  hold: Hold;
  /** Out of the list of open holds. */
  isClosed: boolean;
  /** Neighbours in the list of open holds, oldest reservation first; `null` at its ends. */
  before: BookedHold | null;
  after: BookedHold | null;
};

/**
 * Open holds in order, and the last closed ones: one look-up for either, nothing scanned to forget.
 * Of a settled hold nothing can change any more: only its id is kept.
 */
export type HoldBook = {
  find(holdId: string): BookedHold | "settled" | undefined;
  /** An open hold, in no book yet. */
  add(booked: BookedHold): void;
  /** To be called when an open hold has become an expired or a settled one, and when an expired one is settled. */
  close(booked: BookedHold): void;
  /** The oldest open hold; go on with `after`. */
  oldestOpen(): BookedHold | null;
};

/** @param mostClosed so many closed holds are remembered, the last ones closed; >= 1 */
export const createHoldBook = (mostClosed: number): HoldBook => {
  const byId = new Map<string, BookedHold | "settled">();
  const closedIds: string[] = [];
  let oldestClosed = 0;
  let first: BookedHold | null = null;
  let last: BookedHold | null = null;

  const remember = (holdId: string): void => {
    const forgotten = closedIds[oldestClosed];
    if (forgotten !== undefined) byId.delete(forgotten);
    closedIds[oldestClosed] = holdId;
    oldestClosed = (oldestClosed + 1) % mostClosed;
  };

  const unlink = (booked: BookedHold): void => {
    if (booked.before === null) first = booked.after;
    else booked.before.after = booked.after;
    if (booked.after === null) last = booked.before;
    else booked.after.before = booked.before;
    booked.before = null;
    booked.after = null;
  };

  return {
    find: (holdId) => byId.get(holdId),
    add: (added) => {
      added.before = last;
      if (last === null) first = added;
      else last.after = added;
      last = added;
      byId.set(added.holdId, added);
    },
    close: (booked) => {
      if (!booked.isClosed) {
        unlink(booked);
        remember(booked.holdId);
        booked.isClosed = true;
      }
      if (booked.hold.status === "settled") byId.set(booked.holdId, "settled");
    },
    oldestOpen: () => first,
  };
};
