import { formatPath } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { entriesOf, fieldOf, itemsOf } from "./raw-value.ts";

type Pending = {
  /** `*` = every key of a map, every item of a list. */
  readonly path: readonly string[];
  /** Values that ask for nothing beyond what is there. */
  readonly unless: readonly (string | number)[];
};

/** What this version reads but does not act on. A feature that comes takes its lines with it. */
const pending: readonly Pending[] = [{ path: ["keys", "*", "scopes", "*"], unless: ["inference"] }];

type Place = { readonly path: ConfigPath; readonly value: unknown };

const below = ({ path, value }: Place, segment: string): readonly Place[] => {
  if (segment !== "*") return [{ path: [...path, segment], value: fieldOf(value, segment) }];
  const items = itemsOf(value).map((item, index) => ({ path: [...path, index], value: item }));
  const entries = entriesOf(value).map(([key, item]) => ({ path: [...path, key], value: item }));
  return [...items, ...entries];
};

/**
 * Paths of what a file asks for and this version does not do yet.
 * @param root the file's values, before defaults are filled in
 */
export const notInForce = (root: unknown): readonly string[] => {
  const start: readonly Place[] = [{ path: [], value: root }];
  return pending.flatMap(({ path, unless }) =>
    path
      .reduce((places, segment) => places.flatMap((place) => below(place, segment)), start)
      .filter(({ value }) => value !== undefined && value !== null)
      .filter(({ value }) => !unless.some((harmless) => harmless === value))
      .map((place) => formatPath(place.path)),
  );
};
