import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Random bytes come in batches: one call of the system for many ids.
const pool = Buffer.alloc(3072);
let used = pool.length;

/** 24 characters of 62, about 142 bits. */
export const randomName = (): string => {
  let name = "";
  while (name.length < 24) {
    if (used === pool.length) {
      randomBytes(pool.length).copy(pool);
      used = 0;
    }
    // 248 is the largest multiple of 62 in a byte: below it every character is as likely.
    const byte = pool[used++] ?? 255;
    if (byte < 248) name += alphabet[byte % 62];
  }
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
