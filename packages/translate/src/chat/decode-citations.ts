import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";

const citation = (url: string, title: string): JsonRecord => ({
  type: "url_citation",
  // The vendor names sources, not places; clients that check the shape want numbers here.
  url_citation: { url, title, start_index: 0, end_index: 0 },
});

/** Perplexity's sources, which stand beside `choices`, as annotations of the chat wire. */
export const decodeCitations = (answer: JsonRecord): readonly unknown[] => {
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
