/** Which names mean which model; the gateway's catalogue and configuration answer. */
export interface ModelDirectory {
  /** Canonical id of a name (id or alias); `null` = unknown. */
  resolve(name: string): string | null;
  /** Nearest known ids, best first. */
  suggest(name: string): readonly string[];
  /** Whether a provider of this id exists at all. */
  isProvider(id: string): boolean;
}
