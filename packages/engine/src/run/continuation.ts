import type { StreamItem } from "@pointsman/translate";
import type { SaidPiece } from "./transcript.ts";
import { joinPieces } from "./transcript.ts";

type Said = Extract<StreamItem, { kind: SaidPiece["kind"] }>;

const isSaid = (item: StreamItem): item is Said =>
  item.kind === "text" || item.kind === "refusal" || item.kind === "reasoning";

/** Says nothing that would have to be the same again. */
const informs = ({ kind }: StreamItem): boolean =>
  kind === "usage" || kind === "error" || kind === "malformed";

/** Blanks at the end of a text: a provider that goes on with it does not see them, and may say them again. */
const trailingBlanks = /\s*$/u;

/**
 * Who begins with so many characters of what it was given did not go on with it, but started anew: many
 * servers take a given answer for an earlier turn.
 */
const tellingLength = 12;

/** How many characters two texts have in common at their beginning. */
const overlap = (expected: string, text: string): number => {
  let length = 0;
  while (length < expected.length && expected[length] === text[length]) length += 1;
  return length;
};

/**
 * What another provider says of an answer a part of which is out. It either starts from the beginning,
 * and is swallowed as long as it says the same, or was given the part to go on with (`prefill`).
 */
export class Continuation {
  readonly #before: readonly SaidPiece[];
  readonly #prefilled: boolean;
  readonly #hidesReasoning: boolean;
  readonly #after: SaidPiece[] = [];
  #piece = 0;
  #offset = 0;
  /** Blanks at the end of what was given that may be said again. */
  #blanks: string;
  /** What was given, while it is open whether it is gone on with. */
  #given: string;
  /** What came meanwhile, all of it the beginning of what was given. */
  #undecided = "";
  #canGoOn = true;
  #hasContent = false;

  constructor(options: {
    readonly said: readonly SaidPiece[];
    readonly prefilled: boolean;
    /** Reasoning is not shown, so it may differ. */
    readonly hidesReasoning: boolean;
  }) {
    this.#before = options.said;
    this.#prefilled = options.prefilled;
    this.#hidesReasoning = options.hidesReasoning;
    const last = options.said.at(-1)?.text ?? "";
    this.#blanks = options.prefilled ? (trailingBlanks.exec(last)?.[0] ?? "") : "";
    this.#given = options.prefilled && last.length >= tellingLength ? last : "";
    if (options.prefilled) this.#piece = options.said.length;
  }

  /** Everything that is out has been said again, or was given. */
  get isComplete(): boolean {
    return this.#piece >= this.#before.length;
  }

  /** Something new has gone out. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  get prefilled(): boolean {
    return this.#prefilled;
  }

  /** What is to go out of these items; `null` = it says something else than what is out. */
  take(items: readonly StreamItem[]): readonly StreamItem[] | null {
    const out: StreamItem[] = [];
    for (const item of items) {
      if (item.kind === "head") continue;
      if (informs(item)) {
        out.push(item);
      } else if (isSaid(item)) {
        if (item.kind === "reasoning" && this.#hidesReasoning) continue;
        const text = this.#new(item);
        if (text === null) return null;
        if (text !== "") this.#keep({ ...item, text }, out);
      } else if (this.isComplete) {
        this.#settle(out);
        this.#keep(item, out);
      } else if (item.kind !== "annotations" && item.kind !== "logprobs") {
        // A call, an image, an end: the text that is out has no such thing here.
        if (item.kind !== "reasoning_signature" && item.kind !== "reasoning_redacted") return null;
      }
    }
    return out;
  }

  /** The answer so far, if yet another provider could go on with it, else `null`. */
  said(): readonly SaidPiece[] | null {
    return this.#canGoOn ? joinPieces([...this.#before, ...this.#after]) : null;
  }

  /** Nothing more comes that could tell: what was held is new. */
  #settle(out: StreamItem[]): void {
    const text = this.#undecided;
    this.#given = "";
    this.#undecided = "";
    if (text !== "") this.#keep({ kind: "text", choice: 0, text }, out);
  }

  #keep(item: StreamItem, out: StreamItem[]): void {
    out.push(item);
    if (isSaid(item)) {
      this.#hasContent = true;
      this.#after.push({ kind: item.kind, text: item.text });
    } else if (item.kind !== "finish" && item.kind !== "annotations" && item.kind !== "logprobs") {
      this.#hasContent = true;
      this.#canGoOn = false;
    }
  }

  /** The part of a text that is new; `null` = it differs from what is out. */
  #new({ kind, text }: Said): string | null {
    if (this.#given === "" || kind !== "text") return this.#fresh(kind, text);
    this.#undecided += text;
    const told = this.#undecided;
    const common = overlap(this.#given, told);
    if (common === told.length && common < tellingLength) return "";
    if (common >= tellingLength) this.#piece = this.#before.length - 1;
    this.#given = "";
    this.#undecided = "";
    return this.#fresh(kind, told);
  }

  #fresh(kind: Said["kind"], text: string): string | null {
    let rest = text;
    while (!this.isComplete && rest !== "") {
      const piece = this.#before[this.#piece];
      if (piece?.kind !== kind) return null;
      const expected = piece.text.slice(this.#offset, this.#offset + rest.length);
      if (!rest.startsWith(expected)) return null;
      rest = rest.slice(expected.length);
      this.#offset += expected.length;
      if (this.#offset < piece.text.length) continue;
      this.#piece += 1;
      this.#offset = 0;
    }
    if (this.#blanks === "" || rest === "" || kind !== "text") return rest;
    const again = overlap(this.#blanks, rest);
    this.#blanks = again === rest.length ? this.#blanks.slice(again) : "";
    return rest.slice(again);
  }
}
