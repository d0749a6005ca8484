import type { IncomingMessage } from "node:http";
import { isJsonObject } from "../model/json.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { Refusal } from "../wire/refusal.ts";

const maximumBytes = 32 * 1024 * 1024;

export type ReadBody = { readonly body: JsonObject; readonly bytes: number };

const parse = (text: string): Json | undefined => {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
};

/**
 * Reads a JSON object of at most 32 MiB.
 *
 * @throws Refusal 413 for more, 400 for what is no JSON object
 */
export const readBody = async (request: IncomingMessage): Promise<ReadBody> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maximumBytes) {
      throw new Refusal({ status: 413, message: `Request body is over ${maximumBytes} bytes.` });
    }
    chunks.push(chunk);
  }
  const body = parse(Buffer.concat(chunks).toString("utf8"));
  if (!isJsonObject(body)) {
    throw new Refusal({
      status: 400,
      message:
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
    });
  }
  return { body, bytes };
};
