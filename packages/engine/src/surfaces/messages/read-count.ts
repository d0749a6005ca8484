import { readMessagesRequest } from "@pointsman/translate";
import type { RawBody, ReadRequest } from "@pointsman/translate";
import type { CallerHeaders } from "../surface.ts";
import { betasOf } from "./betas.ts";

/** Where a prompt of the Messages wire is counted. */
export const countTokensPath = "/v1/messages/count_tokens";

/** Bytes to a validated request whose prompt is counted, and that is not answered. */
export const readCountRequest = (body: RawBody, headers: CallerHeaders): ReadRequest =>
  readMessagesRequest(body, { betas: betasOf(headers), purpose: "count" });
