import { Client } from "undici";
import type { Dispatcher } from "undici";

/** A dispatch handler that wants to know which connection carries it. */
export abstract class ConnectionAwareHandler {
  /** Set when a connection takes the request. */
  connection: ReusableClient | null = null;
}

/** One connection of a pool that counts the answers its present socket has brought whole. */
export class ReusableClient extends Client {
  #served = 0;

  constructor(origin: URL, options: Client.Options) {
    super(origin, options);
    this.on("connect", () => {
      this.#served = 0;
    });
  }

  /** Whether the present socket has carried an exchange before. */
  get reused(): boolean {
    return this.#served > 0;
  }

  markServed(): void {
    this.#served += 1;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    if (handler instanceof ConnectionAwareHandler) handler.connection = this;
    return super.dispatch(options, handler);
  }
}
