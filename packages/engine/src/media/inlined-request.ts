import type { ImageFetcher } from "@pointsman/provider";
import type { CallerRequest } from "@pointsman/translate";
import { inlineImages } from "./inline-images.ts";

/** A request with its images within it, made when it is first wanted and once for all attempts. */
export class InlinedRequest {
  readonly #caller: CallerRequest;
  readonly #fetcher: ImageFetcher;
  readonly #leaving = new AbortController();
  #inlined: Promise<CallerRequest> | undefined;

  constructor(caller: CallerRequest, fetcher: ImageFetcher) {
    this.#caller = caller;
    this.#fetcher = fetcher;
  }

  /** @throws ImageFetchError that names the image */
  get(): Promise<CallerRequest> {
    return (this.#inlined ??= inlineImages(this.#caller, this.#fetcher, this.#leaving.signal));
  }

  /** Nobody waits any more. */
  abort(): void {
    this.#leaving.abort();
  }
}
