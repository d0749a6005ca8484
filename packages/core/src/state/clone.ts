/** Part of every runtime core runs in, of no version of the language. */
declare const structuredClone: <Value>(value: Value) => Value;

/**
 * A copy of data that shares nothing with the original. Lists of numbers take their time: it is for reloads
 * and replicas, not for requests.
 */
export const clone = <Value>(value: Value): Value => structuredClone(value);
