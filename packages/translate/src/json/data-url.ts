/** A `data:` URL taken apart. */
export type DataUrl = { readonly mimeType: string; readonly base64: string };

const head = /^data:([^;,]*)[^,]*;base64$/u;

/** Reads a base64 `data:` URL; `null` if it is none. The data is not looked at. */
export const parseDataUrl = (url: string): DataUrl | null => {
  if (!url.startsWith("data:")) return null;
  const comma = url.indexOf(",");
  const mimeType = head.exec(url.slice(0, Math.max(0, comma)))?.[1];
  if (mimeType === undefined) return null;
  return { mimeType: mimeType === "" ? "text/plain" : mimeType, base64: url.slice(comma + 1) };
};
