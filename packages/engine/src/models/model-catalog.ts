/** What a catalogue knows of models beside their offerings; `Catalog` of `@pointsman/catalog` is one. */
export interface ModelCatalog {
  /** Which data it is made of. */
  readonly version: string;
  /** Day of that data, Unix ms. */
  readonly dateMs: number;
  /** By canonical id or another name; `null` = unknown. */
  resolve(name: string): {
    readonly id: string;
    readonly displayName: string;
    /** Unix seconds. */
    readonly createdSeconds: number;
  } | null;
  /** Canonical ids that look most like a name, best first, at most `count`. */
  suggest(name: string, count: number): readonly string[];
}
