import type { GatewayError } from "./gateway-error.ts";

/** A request that was taken, and turns out to be none where its long texts are read. */
export class UnreadableRequestError extends Error {
  override readonly name = "UnreadableRequestError";
  readonly error: GatewayError;

  constructor(error: GatewayError) {
    super(error.message);
    this.error = error;
  }
}
