import type { WorkloadName } from "./workloads.ts";

/** CPU per request as a multiple of the floor, by workload. */
export type Multiples = Readonly<Record<WorkloadName, number>>;

/** What Pointsman wants to stay under. */
export const aim: Multiples = { "json-1k": 1.8, "prompt-100k": 2, "stream-32": 1.6 };

/** Other gateways against the same floor, measured before on a comparable two-core machine. */
export const references: readonly { readonly name: string; readonly multiples: Multiples }[] = [
  {
    name: "TensorZero (Rust)",
    multiples: { "json-1k": 3.1, "prompt-100k": 10, "stream-32": 3.8 },
  },
  {
    name: "Portkey (Node 24)",
    multiples: { "json-1k": 7.7, "prompt-100k": 15, "stream-32": 5.4 },
  },
  { name: "LiteLLM (Python)", multiples: { "json-1k": 111, "prompt-100k": 166, "stream-32": 196 } },
];
