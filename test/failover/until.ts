/** Waits for what no event of the test tells, five seconds at most. */
export const until = async (condition: () => boolean): Promise<void> => {
  const endMs = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error("it did not happen within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
