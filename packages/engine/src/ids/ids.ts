import { randomBytes } from "node:crypto";

const alphabet = Buffer.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
const nameLength = 24;
const poolBytes = 3072;

// Names are cut from a long random text: one call of the system, and one string made, for many of them.
let pool = "";
let used = 0;

const randomText = (): string => {
  const letters = Buffer.alloc(poolBytes);
  let count = 0;
  for (const byte of randomBytes(poolBytes)) {
    // 248 is the largest multiple of 62 in a byte: below it every character is as likely.
    if (byte < 248) letters[count++] = alphabet[byte % 62] ?? 0;
  }
  return letters.toString("latin1", 0, count);
};

/** 24 characters of 62, about 142 bits. */
export const randomName = (): string => {
  if (used + nameLength > pool.length) {
    pool = randomText();
    used = 0;
  }
  const name = pool.slice(used, used + nameLength);
  used += nameLength;
  return name;
};

/** `req_…`, the id of a request. */
const newRequestId = (): string => `req_${randomName()}`;

/** `dec_…`, the id of a decision. */
export const newDecisionId = (): string => `dec_${randomName()}`;

/** `chatcmpl-…`, for an answer whose provider gave none. */
export const newChatId = (): string => `chatcmpl-${randomName()}`;

/** `msg_…`, for an answer on the Messages surface whose provider gave none. */
export const newMessageId = (): string => `msg_${randomName()}`;

/** `resp_…`, the id of an answer on the Responses surface. */
export const newResponseId = (): string => `resp_${randomName()}`;

const callersId = /^[A-Za-z0-9_-]{1,128}$/;

/** The caller's own X-Request-ID where it is well-formed, else a new id. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === "string" && callersId.test(header) ? header : newRequestId();
