/** How a run behaves where something goes wrong in the middle; a workspace's own choice. */
export type RunConduct = {
  /** `auto`: another provider goes on with a stream that broke off. */
  readonly rescue: "auto" | "off";
  /** Tokens of a stream that are held back before the first goes out, so that until then all can fail over. */
  readonly buffer: number | "whole";
  /** A second attempt where the first keeps silent for longer than 95 of 100; `budgetShare` of requests at most. */
  readonly hedge: "off" | { readonly budgetShare: number };
};

/** Defaults of docs/contract.md §6. */
export const defaultConduct: RunConduct = { rescue: "auto", buffer: 0, hedge: "off" };
