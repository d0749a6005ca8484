import { ImageFetchError } from "@pointsman/provider";
import type { ImageFetcher } from "@pointsman/provider";
import { remoteImagesOf, withInlineImages } from "@pointsman/translate";
import type { CallerRequest } from "@pointsman/translate";

/** Most images of one request that are fetched, how many at once, and their bytes together. */
const maximumImages = 32;
const atOnce = 4;
const maximumBase64Length = 64 * 2 ** 20;

const shown = (url: string): string => (url.length > 200 ? `${url.slice(0, 200)}…` : url);

/**
 * The request with its images within it, for a provider that cannot fetch them
 * (docs/contract.md §13).
 *
 * @throws ImageFetchError that names the image
 */
export const inlineImages = async (
  caller: CallerRequest,
  fetcher: ImageFetcher,
  signal: AbortSignal,
): Promise<CallerRequest> => {
  const urls = remoteImagesOf(caller.neutral());
  if (urls.length > maximumImages) {
    throw new ImageFetchError(
      `The request names ${urls.length} images; at most ${maximumImages} are fetched for this provider.`,
    );
  }
  const waiting = urls.values();
  const dataUrls = new Map<string, string>();
  let length = 0;
  const work = async (): Promise<void> => {
    for (const url of waiting) {
      const { mimeType, base64 } = await fetcher.fetch(url, signal).catch((error: unknown) => {
        if (!(error instanceof ImageFetchError)) throw error;
        throw new ImageFetchError(`The image ${shown(url)} ${error.message}.`, { cause: error });
      });
      length += base64.length;
      if (length > maximumBase64Length) {
        throw new ImageFetchError("The images of the request are too large together.");
      }
      dataUrls.set(url, `data:${mimeType};base64,${base64}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, urls.length) }, work));
  return withInlineImages(caller, dataUrls);
};
