import { restore, serialise, withOfferings } from "@pointsman/core";
import type { RouterState, SerialisedState } from "@pointsman/core";

/** What was learned, without what ended with the process that learned it. */
const afterRestart = (learned: SerialisedState["learned"]): SerialisedState["learned"] =>
  learned.map((track) => ({ ...track, health: { ...track.health, inFlight: 0 } }));

/**
 * What a process before this one has learned, for the offerings and options of today.
 *
 * @throws RangeError if its format is not known
 */
export const adoptState = (learned: SerialisedState, today: RouterState): RouterState => {
  const { options } = serialise(today);
  const { plugs } = today.options;
  const before = restore({ ...learned, options, learned: afterRestart(learned.learned) }, plugs);
  return withOfferings(before, today.offerings);
};
