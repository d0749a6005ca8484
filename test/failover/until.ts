/** Waits for what no event of the test tells, a second at most. */
export const until = async (condition: () => boolean): Promise<void> => {
  const endMs = performance.now() + 1000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error("it did not happen within a second");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
