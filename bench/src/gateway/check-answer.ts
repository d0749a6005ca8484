import { contentMarker, jsonMarkers, streamEvents } from "./workloads.ts";

const countOf = (text: string, piece: string): number => {
  let count = 0;
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + piece.length))
    count += 1;
  return count;
};

/** What is wrong with an answer, or `null`: status, a clean end, and all of the content. */
export const checkAnswer = (status: number, body: string, stream: boolean): string | null => {
  if (status !== 200) return `status ${status}: ${body.slice(0, 300)}`;
  if (stream && !body.endsWith("data: [DONE]\n\n"))
    return `stream ended without [DONE]: …${body.slice(-200)}`;
  if (!stream && !body.trimEnd().endsWith("}")) return `cut JSON: …${body.slice(-200)}`;
  const markers = countOf(body, contentMarker);
  const expected = stream ? streamEvents : jsonMarkers;
  return markers === expected ? null : `${markers} of ${expected} pieces of content arrived`;
};
