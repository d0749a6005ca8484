import type { CallerRequest } from "../request/caller-request.ts";
import type { InputPart } from "./content.ts";
import type { NeutralMessage, NeutralRequest } from "./request.ts";

const isRemote = (part: { readonly kind: string }): part is Extract<InputPart, { url: string }> =>
  part.kind === "image_url" && "url" in part && /^https?:/iu.test(String(part.url));

/** URLs of the images that are not within the request, each once. */
export const remoteImagesOf = ({ messages }: NeutralRequest): readonly string[] => [
  ...new Set(
    messages.flatMap(({ parts }) => parts.flatMap((part) => (isRemote(part) ? [part.url] : []))),
  ),
];

const inlined = (part: InputPart, dataUrls: ReadonlyMap<string, string>): InputPart =>
  isRemote(part) ? { ...part, url: dataUrls.get(part.url) ?? part.url } : part;

const withParts = (
  message: NeutralMessage,
  dataUrls: ReadonlyMap<string, string>,
): NeutralMessage =>
  message.role === "user" || message.role === "tool"
    ? { ...message, parts: message.parts.map((part) => inlined(part, dataUrls)) }
    : message;

/** The same request with `data:` URLs instead of others; its bytes can no longer pass through. */
export const withInlineImages = (
  caller: CallerRequest,
  dataUrls: ReadonlyMap<string, string>,
): CallerRequest => {
  if (dataUrls.size === 0) return caller;
  const neutral = caller.neutral();
  const changed = {
    ...neutral,
    messages: neutral.messages.map((message) => withParts(message, dataUrls)),
  };
  return { ...caller, canPassThrough: false, neutral: () => changed };
};
