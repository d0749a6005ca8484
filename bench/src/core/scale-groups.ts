import { observe } from "@pointsman/core";
import type { Offering, RouterState } from "@pointsman/core";
import { decideSubject, warmState } from "./decide-subject.ts";
import { attemptEvents, offeringsOf, requestsOf, startMs } from "./fixtures.ts";
import type { SubjectGroup } from "../timing/subject.ts";

const CANDIDATES = 10;
const WARM_PREFIXES = 100_000;
const LINKS = 8;

/** Offerings of models that nobody asks for, at providers with and without an account. */
const othersOf = (count: number): readonly Offering[] =>
  offeringsOf(count).map((offering, index) => ({
    ...offering,
    id: `other/${index}`,
    model: `other/${index % 500}`,
  }));

/** The same ten candidates in a small and in a large catalogue. */
export const catalogueGroup = (): SubjectGroup => {
  const requests = requestsOf(CANDIDATES);
  const among = (offerings: number): RouterState =>
    warmState(CANDIDATES, { others: othersOf(offerings - CANDIDATES) });
  return {
    name: `decide, ${CANDIDATES} candidates, size of the catalogue`,
    subjects: [
      decideSubject("of 100 offerings", among(100), requests),
      decideSubject("of 10,000 offerings", among(10_000), requests),
    ],
  };
};

/** Other conversations that are warm somewhere, until the table holds so many prefixes. */
const warmUp = (state: RouterState): RouterState => {
  // The first offering of three caches nothing, so that nothing is warm there.
  const caching = offeringsOf(CANDIDATES).filter(({ cache }) => cache.mode !== "none");
  for (let conversation = 0; conversation < WARM_PREFIXES / LINKS; conversation += 1) {
    const offering = caching[conversation % caching.length];
    if (offering === undefined) continue;
    const [, end] = attemptEvents(offering, { nowMs: startMs - 60_000, random: () => 0.5 });
    const prefix = Array.from({ length: LINKS }, (_, link) => ({
      hash: 2 ** 33 + conversation * LINKS + link,
      tokens: (link + 1) * 512,
    }));
    observe(state, { ...end, prefix });
  }
  return state;
};

/** The same requests where nothing is warm, where their own conversations are, and among many others. */
export const prefixGroup = (): SubjectGroup => {
  const requests = requestsOf(CANDIDATES);
  return {
    name: `decide, ${CANDIDATES} candidates, warm prefixes`,
    subjects: [
      decideSubject("none", warmState(CANDIDATES, { tellsPrefix: false }), requests),
      decideSubject("those of 64 conversations", warmState(CANDIDATES), requests),
      decideSubject(
        `and ${WARM_PREFIXES.toLocaleString("en")} others`,
        warmUp(warmState(CANDIDATES)),
        requests,
      ),
    ],
  };
};
