import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { Annotation } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";

/** `annotations` of a chat message or delta in neutral form. */
export const decodeAnnotations = (entries: readonly unknown[]): readonly Annotation[] =>
  entries.flatMap((entry): Annotation[] => {
    const json = asRecord(entry);
    if (json === null) return [];
    const citation = asRecord(json["url_citation"]);
    const url = asFilledString(citation?.["url"]);
    if (citation === null || url === null) {
      return [{ kind: "native", wire: "chat_completions", json }];
    }
    return [
      {
        kind: "url_citation",
        url,
        ...present("title", asFilledString(citation["title"])),
        ...present("start", asNumber(citation["start_index"])),
        ...present("end", asNumber(citation["end_index"])),
      },
    ];
  });

/** Annotations in the form of the chat wire; those of other wires are left out with a loss. */
export const encodeAnnotations = (
  annotations: readonly Annotation[],
  losses: Set<Loss>,
): readonly JsonRecord[] =>
  annotations.flatMap((annotation): JsonRecord[] => {
    if (annotation.kind === "native") {
      if (annotation.wire === "chat_completions") return [annotation.json];
      losses.add(contentDropped);
      return [];
    }
    const { url, title, start, end } = annotation;
    // Clients that check the shape want a title and numbers here, though the vendor may name no place.
    const citation = { url, title: title ?? url, start_index: start ?? 0, end_index: end ?? 0 };
    return [{ type: "url_citation", url_citation: citation }];
  });
