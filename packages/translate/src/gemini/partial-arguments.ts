import { asArray, asRecord, asString } from "../json/read.ts";

type Step = string | number;
type Tree = Record<Step, unknown>;

const step = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/gu;

/** Names that would reach the prototype of what they are written to. */
const isSafe = (name: Step): boolean => name !== "__proto__";

const stepsOf = (path: string): readonly Step[] =>
  [...path.matchAll(step)].map(([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? "") : Number(index),
  );

/** Lists of streamed arguments are short; a far index would fill memory. */
const MOST_INDEX = 100_000;

/** Puts streamed arguments together: pieces with a path each (`$.a.b[0]`), texts in pieces. */
export class PartialArguments {
  readonly #root: Tree = {};

  push(pieces: unknown): void {
    for (const entry of asArray(pieces)) {
      const piece = asRecord(entry);
      const steps = stepsOf(asString(piece?.["jsonPath"]) ?? "");
      const fits = steps.every((at) => isSafe(at) && (typeof at === "string" || at < MOST_INDEX));
      if (piece === null || steps.length === 0 || !fits) continue;
      const [parent, last] = this.#parentOf(steps);
      const text = asString(piece["stringValue"]);
      if (text !== null) parent[last] = (asString(parent[last]) ?? "") + text;
      else if ("numberValue" in piece) parent[last] = piece["numberValue"];
      else if ("boolValue" in piece) parent[last] = piece["boolValue"];
      else if ("nullValue" in piece) parent[last] = null;
    }
  }

  toJson(): string {
    return JSON.stringify(this.#root);
  }

  #parentOf(steps: readonly Step[]): readonly [Tree, Step] {
    let at = this.#root;
    for (const [place, name] of steps.slice(0, -1).entries()) {
      const next = at[name];
      if (typeof next === "object" && next !== null) {
        // Only objects and lists are made here.
        at = next as Tree;
        continue;
      }
      // A list takes numbers as names too.
      const made: Tree = typeof steps[place + 1] === "number" ? ([] as unknown as Tree) : {};
      at[name] = made;
      at = made;
    }
    return [at, steps.at(-1) ?? ""];
  }
}
