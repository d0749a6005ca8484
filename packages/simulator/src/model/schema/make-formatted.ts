import type { Random } from "../seeded-random.ts";

const two = (value: number): string => String(value).padStart(2, "0");

const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => random.below(16).toString(16)).join("");

const date = (random: Random): string =>
  `${2020 + random.below(10)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;

const time = (random: Random): string =>
  `${two(random.below(24))}:${two(random.below(60))}:${two(random.below(60))}Z`;

const name = (random: Random): string =>
  random.pick(["anna", "bruno", "clara", "dmitri", "elena", "farid", "greta", "hugo"]);

const makers: Readonly<Record<string, (random: Random) => string>> = {
  date,
  time,
  "date-time": (random) => `${date(random)}T${time(random)}`,
  duration: (random) => `P${1 + random.below(9)}DT${1 + random.below(23)}H`,
  email: (random) => `${name(random)}@example.com`,
  "idn-email": (random) => `${name(random)}@example.com`,
  hostname: (random) => `${name(random)}.example.com`,
  "idn-hostname": (random) => `${name(random)}.example.com`,
  ipv4: (random) => `192.0.2.${1 + random.below(254)}`,
  ipv6: (random) => `2001:db8::${hex(random, 4).replace(/^0+(?=.)/, "")}`,
  uri: (random) => `https://example.com/${name(random)}`,
  url: (random) => `https://example.com/${name(random)}`,
  iri: (random) => `https://example.com/${name(random)}`,
  "uri-reference": (random) => `/${name(random)}`,
  "iri-reference": (random) => `/${name(random)}`,
  "uri-template": (random) => `https://example.com/${name(random)}/{id}`,
  uuid: (random) =>
    `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
  "json-pointer": (random) => `/${name(random)}`,
  "relative-json-pointer": (random) => `0/${name(random)}`,
  regex: () => "^[a-z]+$",
  byte: () => "aGVsbG8=",
};

/** A string of a named format; `null` for formats that are not known. Example domains: RFC 2606. */
export const makeFormatted = (format: string, random: Random): string | null =>
  Object.hasOwn(makers, format) ? (makers[format]?.(random) ?? null) : null;
