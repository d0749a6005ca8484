import { lookup as lookupAddress } from "node:dns";
import type { LookupAddress, LookupOptions } from "node:dns";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import { Agent, request } from "undici";
import { isPublicAddress } from "./public-address.ts";

/** An image that was fetched. */
export type FetchedImage = {
  readonly mimeType: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  readonly base64: string;
};

/** An image that could not be had; its message may be shown to whoever named the URL. */
export class ImageFetchError extends Error {
  override readonly name = "ImageFetchError";
}

/** Fetches images by public `https:` URLs. */
export type ImageFetcher = {
  /** @throws ImageFetchError */
  fetch(url: string, signal: AbortSignal): Promise<FetchedImage>;
  close(): Promise<void>;
};

export type ImageFetcherOptions = {
  /** @default 20 MiB */
  readonly maxBytes?: number;
  /** Of one image, redirects included, ms. @default 10_000 */
  readonly timeoutMs?: number;
  /** @default 3 */
  readonly maxRedirects?: number;
  /** @default isPublicAddress */
  readonly isAllowed?: (address: string) => boolean;
  /** Certificate authorities to trust, PEM. @default the system's */
  readonly ca?: string;
};

/** First bytes, hexadecimal; of WebP the size in between is skipped. */
const magic: readonly (readonly [FetchedImage["mimeType"], RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^47494638(?:37|39)61/],
  ["image/webp", /^52494646.{8}57454250/],
];

/** By its first bytes, whatever the server says. */
const typeOf = (bytes: Buffer): FetchedImage["mimeType"] | null => {
  const start = bytes.toString("hex", 0, 12);
  return magic.find(([, pattern]) => pattern.test(start))?.[0] ?? null;
};

type LookupCallback = (
  error: Error | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Resolves names, and refuses those of which any address is not allowed: no rebinding in between. */
const guardedLookup =
  (isAllowed: (address: string) => boolean) =>
  (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookupAddress(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new ImageFetchError("is not on the public internet"), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A body nobody reads ends in an error that says nothing. */
const discard = (body: Readable): void => {
  body.on("error", () => {}).destroy();
};

/** Makes a fetcher with connections of its own. */
export const createImageFetcher = (options: ImageFetcherOptions = {}): ImageFetcher => {
  const { maxBytes = 20 * 2 ** 20, timeoutMs = 10_000, maxRedirects = 3 } = options;
  const isAllowed = options.isAllowed ?? isPublicAddress;
  const agent = new Agent({
    connect: {
      lookup: guardedLookup(isAllowed),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    },
    maxResponseSize: maxBytes,
  });

  const parse = (url: string, base?: string): URL => {
    const parsed = URL.parse(url, base);
    if (parsed === null) throw new ImageFetchError("is no URL");
    if (parsed.protocol !== "https:") throw new ImageFetchError("is not an https URL");
    if (parsed.username !== "" || parsed.password !== "") {
      throw new ImageFetchError("holds a password");
    }
    // A name is looked at as it is resolved; a bare address is not.
    const host = parsed.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !isAllowed(host)) {
      throw new ImageFetchError("is not on the public internet");
    }
    return parsed;
  };

  const load = async (url: URL, left: number, signal: AbortSignal): Promise<FetchedImage> => {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal,
      headers: { accept: "image/png, image/jpeg, image/gif, image/webp" },
    });
    const { location } = headers;
    if (redirects.has(statusCode) && typeof location === "string") {
      discard(body);
      if (left === 0) throw new ImageFetchError(`redirects more than ${maxRedirects} times`);
      return load(parse(location, url.href), left - 1, signal);
    }
    if (statusCode !== 200) {
      discard(body);
      throw new ImageFetchError(`answered with status ${statusCode}`);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > maxBytes) {
        discard(body);
        throw new ImageFetchError(`is over ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const mimeType = typeOf(bytes);
    if (mimeType === null) throw new ImageFetchError("is no PNG, JPEG, GIF or WebP image");
    return { mimeType, base64: bytes.toString("base64") };
  };

  return {
    fetch: async (url, signal) => {
      const limit = AbortSignal.timeout(timeoutMs);
      try {
        return await load(parse(url), maxRedirects, AbortSignal.any([signal, limit]));
      } catch (error) {
        if (error instanceof ImageFetchError) throw error;
        if (limit.aborted) throw new ImageFetchError(`did not come within ${timeoutMs} ms`);
        if (
          error instanceof Error &&
          "code" in error &&
          error.code === "UND_ERR_RES_EXCEEDED_MAX_SIZE"
        ) {
          throw new ImageFetchError(`is over ${maxBytes} bytes`);
        }
        throw new ImageFetchError("cannot be reached", { cause: error });
      }
    },
    close: () => agent.close(),
  };
};
