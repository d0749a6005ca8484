import type { Stores } from "../stores.ts";

/** What the suite needs of a test runner; vitest's functions fit as they are. */
export type TestKit = {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly expect: (
    actual: unknown,
    message?: string,
  ) => {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
};

/** Stores under test: several ways into one and the same state. */
export type OpenStores = {
  /** One process: the same stores twice. Several: a connection or process each. */
  readonly handles: readonly [Stores, ...Stores[]];
  close(): Promise<void>;
};

/** Opens stores with nothing in them; called once per test. */
export type StoresFactory = () => Promise<OpenStores>;

/** One part of the suite, with a `test` that opens and closes the stores. */
export type Suite = Omit<TestKit, "test"> & {
  readonly test: (
    name: string,
    body: (first: Stores, handles: OpenStores["handles"]) => Promise<void>,
  ) => void;
};

export const suiteOf = (kit: TestKit, open: StoresFactory): Suite => ({
  ...kit,
  test: (name, body) => {
    kit.test(name, async () => {
      const opened = await open();
      try {
        await body(opened.handles[0], opened.handles);
      } finally {
        await opened.close();
      }
    });
  },
});

/** Name of the error that a call ends with; `null` = it does not fail. */
export const failureOf = async (call: () => Promise<unknown>): Promise<string | null> => {
  try {
    await call();
    return null;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
};
