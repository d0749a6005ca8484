import { pointsmanPolicy } from "../pointsman/pointsman-policy.ts";
import { cheapestPolicy } from "./cheapest.ts";
import { fixedPolicy } from "./fixed.ts";
import type { Policy } from "./policy.ts";

/** How policies can be asked for by name. */
export const policyNames: readonly string[] = ["pointsman", "cheapest", "fixed:PROVIDER"];

/**
 * A policy by name.
 *
 * @throws RangeError if there is none.
 */
export const namedPolicy = (
  name: string,
  options: {
    /** Seed of policies that draw. @default 1 */
    readonly seed?: number;
  } = {},
): Policy => {
  if (name === "pointsman") return pointsmanPolicy(options);
  if (name === "cheapest") return cheapestPolicy();
  if (name.startsWith("fixed:")) return fixedPolicy(name.slice("fixed:".length));
  throw new RangeError(`no policy "${name}"; there are ${policyNames.join(", ")}`);
};
