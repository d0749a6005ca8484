import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Alias, Document, Node } from "yaml";
import { formatPath, pathKey } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { secretKeys } from "./describe-found.ts";
import type { ConfigFault } from "./fault.ts";
import { interpolate } from "./interpolate.ts";
import type { Environment } from "./interpolate.ts";
import { expectedOfSyntaxError } from "./syntax-fault.ts";

export type Place = { readonly line: number; readonly column: number };

/** A file's values as plain data, with where each stands. */
export type ConfigTree = {
  readonly value: unknown;
  /** By `pathKey`: where a value begins, and the key before it (the value itself in a list). */
  readonly places: ReadonlyMap<string, { readonly value: Place; readonly key: Place }>;
  /** By `pathKey`: texts as written, where variables were put into them. */
  readonly sources: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
  /** By `pathKey`: values whose key stands in a `{ }`. */
  readonly inBraces: ReadonlySet<string>;
  /** By `pathKey`: values that could not be read; what stands for them in `value` means nothing. */
  readonly unread: ReadonlySet<string>;
  /** `false` = the YAML itself is broken or too large, and what could be read of it may mislead. */
  readonly wellFormed: boolean;
};

/** Bounds what aliases can multiply a small file to. */
const maxValues = 100_000;

type Walk = {
  readonly file: string;
  readonly document: Document;
  readonly env: Environment;
  readonly lines: LineCounter;
  readonly places: Map<string, { value: Place; key: Place }>;
  readonly sources: Map<string, string>;
  readonly faults: ConfigFault[];
  readonly unread: Set<string>;
  readonly inBraces: Set<string>;
  /** Collections around the value being read: an alias to one of them would never end. */
  readonly around: Set<Node>;
  /** Targets by alias: looking one up goes through the whole document. */
  readonly targets: Map<Node, Node | undefined>;
  values: number;
};

const placeAt = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

type FoundFault = {
  readonly place: Place;
  readonly path: ConfigPath;
  readonly expected: string;
  readonly found: string | null;
};

const addFault = (walk: Walk, fault: FoundFault): void => {
  const { place, path, expected, found } = fault;
  walk.faults.push({
    file: walk.file,
    ...place,
    path: formatPath(path),
    expected,
    found,
    suggestion: null,
  });
};

const unreadable = (walk: Walk, fault: FoundFault): null => {
  addFault(walk, fault);
  walk.unread.add(pathKey(fault.path));
  return null;
};

const targetOf = (walk: Walk, alias: Alias): Node | undefined => {
  const known = walk.targets.get(alias);
  if (known || walk.targets.has(alias)) return known;
  const target = alias.resolve(walk.document);
  walk.targets.set(alias, target);
  return target;
};

const readText = (walk: Walk, text: string, path: ConfigPath, place: Place): string => {
  const result = interpolate(text, walk.env);
  if (!result.ok) {
    unreadable(walk, { place, path, expected: result.expected, found: result.found });
    return text;
  }
  if (result.text !== text) walk.sources.set(pathKey(path), text);
  return result.text;
};

const readMap = (walk: Walk, node: Node, path: ConfigPath): unknown => {
  const result: Record<string, unknown> = {};
  if (!isMap<Node, Node | null>(node)) return result;
  const braces = node.flow === true;
  // A secret without quotes that holds a comma falls into pieces there, which pass for keys.
  const maybePieces = braces && [...secretKeys].some((name) => node.has(name));
  for (const pair of node.items) {
    const place = placeAt(walk.lines, pair.key.range?.[0] ?? node.range?.[0] ?? 0);
    if (!isScalar(pair.key)) {
      addFault(walk, { place, path, expected: "a plain text as key", found: "another value" });
      continue;
    }
    // The source, so that a key like 4.10 keeps its zero.
    const key = pair.key.source ?? String(pair.key.value);
    const at = [...path, key];
    if (key === "__proto__") {
      addFault(walk, { place, path: at, expected: "another key", found: null });
    } else if (Object.hasOwn(result, key)) {
      const first = walk.places.get(pathKey(at))?.key.line ?? place.line;
      const found = `it again (first on line ${first})`;
      const shown = maybePieces && !secretKeys.has(key) ? path : at;
      addFault(walk, { place, path: shown, expected: "this key once", found });
    } else {
      if (braces) walk.inBraces.add(pathKey(at));
      result[key] = read(walk, pair.value, at, place);
    }
  }
  return result;
};

const readCollection = (walk: Walk, node: Node, path: ConfigPath, place: Place): unknown => {
  if (walk.around.has(node)) {
    return unreadable(walk, {
      place,
      path,
      expected: "no alias to a collection around it",
      found: "one",
    });
  }
  walk.around.add(node);
  const value = isSeq<Node | null>(node)
    ? node.items.map((item, index) => read(walk, item, [...path, index], place))
    : readMap(walk, node, path);
  walk.around.delete(node);
  return value;
};

/** `owner` = the key that leads to the value, or the list it is in. */
const read = (walk: Walk, node: Node | null, path: ConfigPath, owner: Place): unknown => {
  const inList = typeof path.at(-1) === "number";
  const empty = node === null || (isScalar(node) && node.source === "" && node.value === null);
  const place = empty ? owner : placeAt(walk.lines, node.range?.[0] ?? 0);
  walk.places.set(pathKey(path), { value: place, key: inList ? place : owner });
  walk.values += 1;
  if (walk.values > maxValues) {
    // Told once; what is left is passed over.
    if (walk.values > maxValues + 1) return null;
    const expected = `at most ${maxValues} values, aliases followed`;
    return unreadable(walk, { place, path: [], expected, found: "more" });
  }
  if (node === null) return null;
  const target = isAlias(node) ? targetOf(walk, node) : node;
  if (target === undefined) {
    const expected = "an alias whose anchor was set before it";
    return unreadable(walk, { place, path, expected, found: null });
  }
  if (!isScalar(target)) return readCollection(walk, target, path, place);
  return typeof target.value === "string"
    ? readText(walk, target.value, path, place)
    : target.value;
};

/** Parses YAML 1.2 (core schema), with environment variables put into the texts. */
export const readTree = (options: {
  readonly file: string;
  readonly text: string;
  readonly env: Environment;
}): ConfigTree => {
  const { file, text, env } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "error",
  });
  const places = new Map<string, { value: Place; key: Place }>();
  const sources = new Map<string, string>();
  const faults: ConfigFault[] = [];
  const unread = new Set<string>();
  const inBraces = new Set<string>();
  const around = new Set<Node>();
  const walk: Walk = {
    file,
    document,
    env,
    lines,
    places,
    sources,
    faults,
    unread,
    inBraces,
    around,
    targets: new Map(),
    values: 0,
  };
  const broken = [...document.errors, ...document.warnings];
  for (const error of broken) {
    const place = placeAt(lines, error.pos[0]);
    addFault(walk, { place, path: [], expected: expectedOfSyntaxError(error.code), found: null });
  }
  const start = { line: 1, column: 1 };
  const value = broken.length === 0 ? read(walk, document.contents, [], start) : null;
  const wellFormed = broken.length === 0 && walk.values <= maxValues;
  return { value, places, sources, faults, unread, inBraces, wellFormed };
};
