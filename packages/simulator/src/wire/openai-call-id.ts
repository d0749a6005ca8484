import { createHash } from "node:crypto";
import { isUnchangedId, provenId } from "./signature.ts";

/** Signs what OpenAI's models write. */
export const vendor = "openai";

const prefix = "call_";

/** The id of a call in one choice of an answer. */
export const openAiCallId = (answerId: string, choice: number, index: number): string =>
  provenId(
    vendor,
    prefix,
    createHash("sha1").update(`${answerId}:${choice}:${index}`).digest("hex"),
  );

/** Whether an id that looks like one of OpenAI's came back as it was given out. */
export const isUnchangedCallId = (id: string): boolean => isUnchangedId(vendor, prefix, id);
