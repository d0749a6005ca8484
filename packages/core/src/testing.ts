export { exampleEnd, exampleOffering, exampleRequest } from "./testing/examples.ts";
export { exampleCase, stateOfCase } from "./testing/cases.ts";
export { laws } from "./testing/laws.ts";
export { scoreLaws } from "./testing/score-laws.ts";
export { bytesTokenizer, fixedOutput, regionFilter, worstRatioScore } from "./plugs/examples.ts";

export type { ExampleCase } from "./testing/cases.ts";
export type { Law } from "./testing/laws.ts";
