/** Part of every runtime core runs in, of no version of the language. */
declare const structuredClone: <Value>(value: Value) => Value;

/** A copy that shares nothing with the original. Of data: no functions, and what `===` told apart is not kept. */
export const clone = <Value>(value: Value): Value => structuredClone(value);
