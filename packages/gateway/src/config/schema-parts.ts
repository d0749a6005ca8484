import { z } from "zod";

// The `error` of every schema is what a fault says after "expected".

const unknownKeyPrefix = "one of ";

/** A map with these keys and no others. */
export const strictMap = <S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? unknownKeyPrefix + Object.keys(shape).join(", ")
        : "a map",
  });

/** The keys that `strictMap` names in its message on an unknown one. */
export const knownKeysOf = (message: string): readonly string[] =>
  message.startsWith(unknownKeyPrefix) ? message.slice(unknownKeyPrefix.length).split(", ") : [];

// The next three treat `null` as absent, as a key with nothing behind its colon is.

export const withDefault = <S extends z.ZodType>(schema: S, fallback: z.output<S>) =>
  schema
    .nullish()
    .meta({ default: fallback })
    .transform((value): z.output<S> => value ?? fallback);

export const orNull = <S extends z.ZodType>(schema: S) =>
  schema
    .nullish()
    .meta({ default: null })
    .transform((value): z.output<S> | null => value ?? null);

/** A map whose keys all have defaults. */
export const section = <S extends z.ZodType>(schema: S) =>
  schema.nullish().transform((value): z.output<S> => value ?? schema.parse({}));

export const text = z.string({ error: "a text" }).min(1, { error: "a non-empty text" });

export const flag = z.boolean({ error: "true or false" });

export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `one of ${names.join(", ")}` });

export const wholeNumber = (minimum: number, maximum?: number) => {
  const error =
    maximum === undefined
      ? `a whole number of at least ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`;
  const lower = z.int({ error }).min(minimum, { error });
  return maximum === undefined ? lower : lower.max(maximum, { error });
};

const positiveError = "a number above 0";
export const positive = z.number({ error: positiveError }).positive({ error: positiveError });

const nonNegativeError = "a number of at least 0";
export const nonNegative = z.number({ error: nonNegativeError }).min(0, {
  error: nonNegativeError,
});

const shareError = "a share from 0 to 1";
export const share = z
  .number({ error: shareError })
  .min(0, { error: shareError })
  .max(1, { error: shareError });

export const listOf = <S extends z.ZodType>(item: S) => z.array(item, { error: "a list" });

export const mapOf = <S extends z.ZodType>(value: S, names: z.ZodString = text) =>
  z.record(names, value, { error: "a map" });

const isHttpUrl = (value: string): boolean =>
  URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);

const isBareUrl = (value: string): boolean => {
  const url = new URL(value);
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
};

const urlError = "an http(s) URL";
/** Ends without a slash once parsed. */
export const httpUrl = z
  .string({ error: urlError })
  .refine(isHttpUrl, { error: urlError, abort: true })
  .refine(isBareUrl, { error: "an http(s) URL without user name, password, query or fragment" })
  .transform((value) => value.replace(/\/+$/, ""))
  .meta({ format: "uri" });

type Stated<T> = { [K in keyof T]?: NonNullable<T[K]> };

// Overloaded, since the checker cannot see that what is left is exactly the stated part of `T`.
/** Leaves out what is `null` or absent, so that a key is there exactly if it was stated. */
export function statedOnly<T extends object>(value: T): Stated<T>;
export function statedOnly(value: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined),
  );
}
