import { present } from "../json/present.ts";
import { asArray, asCount, asFilledString, asRecord } from "../json/read.ts";
import type { Annotation } from "../neutral/content.ts";

/** `groundingMetadata` of a candidate: the pages it rests on, with the places in the text if told. */
export const decodeGrounding = (value: unknown): readonly Annotation[] => {
  const grounding = asRecord(value);
  const chunks = asArray(grounding?.["groundingChunks"]).map((entry) =>
    asRecord(asRecord(entry)?.["web"]),
  );
  const cite = (index: number, place: { readonly start?: number; readonly end?: number }) => {
    const web = chunks[index];
    const url = asFilledString(web?.["uri"]);
    if (url === null) return [];
    const title = present("title", asFilledString(web?.["title"]));
    return [{ kind: "url_citation" as const, url, ...title, ...place }];
  };
  const supports = asArray(grounding?.["groundingSupports"]).flatMap((entry) => {
    const support = asRecord(entry);
    const segment = asRecord(support?.["segment"]);
    const place = { start: asCount(segment?.["startIndex"]), end: asCount(segment?.["endIndex"]) };
    return asArray(support?.["groundingChunkIndices"]).flatMap((index) =>
      cite(asCount(index), place),
    );
  });
  return supports.length > 0 ? supports : chunks.flatMap((_, index) => cite(index, {}));
};
