/** How two results differ. */
export type Comparison = {
  /** Largest relative difference of two numbers. */
  readonly deviation: number;
  /** Path of the first place that is not the same within the tolerance; `null` = none. */
  readonly difference: string | null;
};

/** `Math.exp` and its like may differ in their last bits between engines (docs/design.md). */
export const TOLERANCE = 1e-12;

const relative = (a: number, b: number): number =>
  a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Compares JSON values: numbers within `TOLERANCE`, all else, keys and order included, exactly. */
export const compare = (expected: unknown, actual: unknown, path = "$"): Comparison => {
  if (typeof expected === "number" && typeof actual === "number") {
    const deviation = relative(expected, actual);
    return {
      deviation,
      difference: deviation <= TOLERANCE ? null : `${path}: ${actual}, not ${expected}`,
    };
  }
  if (!isObject(expected) || !isObject(actual)) {
    const same = expected === actual;
    const difference = `${path}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
    return { deviation: 0, difference: same ? null : difference };
  }
  const keys = Object.keys(expected).join();
  if (Array.isArray(expected) !== Array.isArray(actual) || Object.keys(actual).join() !== keys) {
    return { deviation: 0, difference: `${path}: has ${Object.keys(actual).join()}, not ${keys}` };
  }
  let deviation = 0;
  for (const [key, value] of Object.entries(expected)) {
    const inner = compare(value, actual[key], `${path}.${key}`);
    if (inner.difference !== null) return inner;
    deviation = Math.max(deviation, inner.deviation);
  }
  return { deviation, difference: null };
};
