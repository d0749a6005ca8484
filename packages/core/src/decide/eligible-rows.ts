import type { Columns } from "../state/columns.ts";
import type { Admission } from "./admit.ts";

/** What a request asks of an offering's unchanging sides, and the rows of a model that have it. */
type Eligible = {
  readonly of: Int32Array;
  readonly traits: number;
  readonly needs: number;
  readonly strictness: number;
  readonly tier: number;
  readonly rows: Int32Array;
};

/** More kinds of requests than are commonly made at a time. */
const MOST_KINDS = 8;
/** The last kinds asked for. A model's list of rows belongs to one catalogue, of which nothing changes. */
const kinds: Eligible[] = [];
let oldest = 0;

const select = ({ bits }: Columns, of: Int32Array, wanted: Admission): Int32Array => {
  // Written out, since an imported name is read anew at every use.
  const OFFERING_BITS = 10;
  const OFFERING_LACKS = 1;
  const OFFERING_TIER = 3;
  const OFFERING_TRAITS = 0;
  const POLICY_BITS = -4;
  const { traits, needs, strictness, tier } = wanted;
  return of.filter((row) => {
    const b = row * OFFERING_BITS;
    const own = bits[b + OFFERING_TRAITS] ?? 0;
    return (
      (own & traits) === traits &&
      (own & POLICY_BITS) >= strictness &&
      ((bits[b + OFFERING_LACKS] ?? 0) & needs) === 0 &&
      bits[b + OFFERING_TIER] === tier
    );
  });
};

/** The rows of a model that have the traits, capabilities, policy and tier a request asks for. */
export const eligibleRows = (columns: Columns, of: Int32Array, wanted: Admission): Int32Array => {
  const { traits, needs, strictness, tier } = wanted;
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index];
    if (
      kind !== undefined &&
      kind.of === of &&
      kind.needs === needs &&
      kind.traits === traits &&
      kind.strictness === strictness &&
      kind.tier === tier
    )
      return kind.rows;
  }
  const rows = select(columns, of, wanted);
  kinds[oldest] = { of, traits, needs, strictness, tier, rows };
  oldest = (oldest + 1) % MOST_KINDS;
  return rows;
};
