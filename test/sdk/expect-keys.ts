import { expect } from "vitest";

/** Every field of a type, by whether an answer may be without it; the compiler wants all of them. */
type Keys<T> = {
  readonly [Key in keyof Omit<T, "responseHeaders">]-?: object extends Pick<T, Key>
    ? "maybe"
    : "always";
};

/** An answer has the fields of its hand-written type: all of them, and no others. */
export const expectKeys = <T extends object>(value: T | null | undefined, keys: Keys<T>): void => {
  if (value === null || value === undefined) throw new Error("there is nothing to look at");
  const names = Object.keys(value);
  const always = Object.entries(keys).filter(([, when]) => when === "always");
  expect(names.filter((name) => !Object.hasOwn(keys, name))).toEqual([]);
  expect(always.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
};
