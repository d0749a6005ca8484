/** Lengths of a workspace's answers at a model, as decayed moments. Mutated by `learnOutputLength` only. */
export type OutputLength = {
  weight: number;
  sum: number;
  sumLog: number;
  sumLogSquared: number;
};

/** Share that an old answer keeps when a new one comes: about the last hundred count. */
const KEEP = 0.99;

export const newOutputLength = (): OutputLength => ({
  weight: 0,
  sum: 0,
  sumLog: 0,
  sumLogSquared: 0,
});

export const learnOutputLength = (learned: OutputLength, tokens: number): void => {
  const log = Math.log(Math.max(1, tokens));
  learned.weight = learned.weight * KEEP + 1;
  learned.sum = learned.sum * KEEP + tokens;
  learned.sumLog = learned.sumLog * KEEP + log;
  learned.sumLogSquared = learned.sumLogSquared * KEEP + log ** 2;
};
