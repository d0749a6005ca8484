const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^-?\d+$/u.test(text) ? Number(text) : undefined;

/** What an answer's headers say (docs/contract.md §25); bad numbers are `undefined`. */
export class ResponseHeaders {
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  get requestId(): string | undefined {
    return this.get("x-request-id") ?? this.get("request-id");
  }

  /** Requests a minute of the key. */
  get rateLimitLimit(): number | undefined {
    return wholeNumber(this.#headers.get("x-ratelimit-limit-requests"));
  }

  get rateLimitRemaining(): number | undefined {
    return wholeNumber(this.#headers.get("x-ratelimit-remaining-requests"));
  }

  /** ISO 8601. */
  get rateLimitReset(): string | undefined {
    return this.get("x-ratelimit-reset-requests");
  }

  get creditsBalanceMicrodollars(): number | undefined {
    return wholeNumber(this.#headers.get("x-credits-balance-microdollars"));
  }

  /** Model whose tokenizer counted. */
  get tokenCountModel(): string | undefined {
    return this.get("x-token-count-model");
  }

  /** A date is none. */
  get retryAfterSeconds(): number | undefined {
    const text = this.get("retry-after") ?? "";
    return /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : undefined;
  }

  get(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }
}
