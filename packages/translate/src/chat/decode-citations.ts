import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";
import type { Annotation } from "../neutral/content.ts";

/** The vendor names sources, not places. */
const citation = (url: string, title: string): Annotation => ({ kind: "url_citation", url, title });

/** Perplexity's sources, which stand beside `choices`, as annotations. */
export const decodeCitations = (answer: JsonRecord): readonly Annotation[] => {
  const results = asArray(answer["search_results"]).flatMap((entry) => {
    const result = asRecord(entry);
    const url = asFilledString(result?.["url"]);
    return url === null ? [] : [citation(url, asFilledString(result?.["title"]) ?? url)];
  });
  if (results.length > 0) return results;
  return asArray(answer["citations"]).flatMap((entry) => {
    const url = asFilledString(entry);
    return url === null ? [] : [citation(url, url)];
  });
};
