import type { Maker } from "./content.ts";

/** What an opaque piece was attached to where it came from. */
export type SealPlace =
  /** A block of reasoning, perhaps with an id of its own, or redacted reasoning. */
  | { readonly on: "reasoning"; readonly id?: string }
  | { readonly on: "redacted" }
  /** The text before it. */
  | { readonly on: "text" }
  /** The tool call with this id. */
  | { readonly on: "call"; readonly id: string };

/** An opaque piece with its maker and its place. */
export type Seal = { readonly maker: Maker; readonly value: string; readonly place: SealPlace };

const mark = "pm1.";
const placeWords = ["reasoning", "redacted", "text"] as const;

/** Any string as letters, digits, `_` and `-`, the rest by its code units. */
const escape = (text: string): string =>
  text.replaceAll(
    /[^A-Za-z0-9_-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const unescape = (text: string): string =>
  text.replaceAll(/%([0-9a-f]{4})/g, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  );

/**
 * An opaque piece as a caller's wire carries it. Each wire has a slot for the pieces of one maker, which
 * stand there bare. All others get a head that says whose they are and where they belong, since a caller
 * sends back whatever it was given: `pm1.<maker>.<place>.<value>`, place = a word, perhaps with an id (`call=<id>`).
 */
export const writeSeal = (
  seal: Seal,
  slot: { readonly maker: Maker; readonly on: SealPlace["on"] },
): string => {
  const { maker, value, place } = seal;
  if (maker === slot.maker && place.on === slot.on && !value.startsWith(mark)) return value;
  const id = "id" in place ? place.id : undefined;
  const where = id === undefined ? place.on : `${place.on}=${escape(id)}`;
  return `${mark}${escape(maker)}.${where}.${value}`;
};

/** Reads what `writeSeal` wrote; what has no head was made by the slot's own maker. */
export const readSeal = (
  text: string,
  slot: { readonly maker: Maker; readonly place: SealPlace },
): Seal => {
  const bare: Seal = { maker: slot.maker, value: text, place: slot.place };
  if (!text.startsWith(mark)) return bare;
  const [, maker, where, ...rest] = text.split(".");
  if (maker === undefined || where === undefined || rest.length === 0) return bare;
  const seal = { maker: unescape(maker), value: rest.join(".") };
  const word = placeWords.find((candidate) => candidate === where);
  if (word !== undefined) return { ...seal, place: { on: word } };
  const [on, id] = where.split("=");
  if (id === undefined || (on !== "call" && on !== "reasoning")) return bare;
  return { ...seal, place: { on, id: unescape(id) } };
};
