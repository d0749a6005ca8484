import type { JsonRecord } from "./read.ts";
import { isRecord } from "./read.ts";

/** Arguments of a call as the object some wires want; what is none is wrapped, never lost. */
export const parseArguments = (json: string): JsonRecord => {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : { value };
  } catch {
    return { input: json };
  }
};
