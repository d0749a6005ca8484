/**
 * The greater of two values by a list of numbers, what is still equal by its text: a total order, so that
 * taking the greater is commutative, associative and idempotent.
 */
export const greater = <Value>(
  a: Value,
  b: Value,
  orderOf: (value: Value) => readonly number[],
): Value => {
  const orderA = orderOf(a);
  const orderB = orderOf(b);
  for (const [index, first] of orderA.entries()) {
    const second = orderB[index] ?? 0;
    if (first !== second) return first > second ? a : b;
  }
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
};
