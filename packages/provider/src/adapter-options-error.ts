/** A provider's configuration cannot make an adapter; the message says what to change. */
export class AdapterOptionsError extends TypeError {
  readonly provider: string;

  constructor(provider: string, message: string) {
    super(message);
    this.name = "AdapterOptionsError";
    this.provider = provider;
  }
}
