/** Which names mean which model; the gateway's catalogue and configuration answer. */
export interface ModelDirectory {
  /** Canonical id of a name (id or alias); `null` = unknown. */
  resolve(name: string): string | null;
  /** Nearest known ids, best first. */
  suggest(name: string): readonly string[];
  /** Whether a provider of this id exists at all. */
  isProvider(id: string): boolean;
}

/** The directory as a key sees it that is held to some models; empty = all. */
export const visibleTo = (
  directory: ModelDirectory,
  allowed: { readonly models: readonly string[] } | undefined,
): ModelDirectory => {
  if (allowed === undefined || allowed.models.length === 0) return directory;
  const models = new Set(allowed.models.map((name) => directory.resolve(name) ?? name));
  return {
    resolve: (name) => {
      const id = directory.resolve(name);
      return id !== null && models.has(id) ? id : null;
    },
    suggest: (name) => directory.suggest(name).filter((id) => models.has(id)),
    isProvider: (id) => directory.isProvider(id),
  };
};
