const legal = /^[a-zA-Z0-9_-]+$/;

/** Whether Anthropic takes the id as it is. */
export const isToolId = (id: string): boolean => legal.test(id);

const clean = (id: string): string =>
  isToolId(id)
    ? id
    : `toolu_${id.replaceAll(/[^a-zA-Z0-9-]/g, (unit) => `_${unit.charCodeAt(0).toString(16)}`)}`;

/**
 * Ids as Anthropic takes them: of a few characters only, and no two alike in one request, though other
 * providers may count anew in every turn. A result gets the id of the last call that had its own.
 */
export class ToolIds {
  readonly #used = new Set<string>();
  readonly #latest = new Map<string, string>();

  ofCall(id: string): string {
    const base = clean(id);
    let free = base;
    for (let n = 2; this.#used.has(free); n += 1) free = `${base}_${n}`;
    this.#used.add(free);
    this.#latest.set(id, free);
    return free;
  }

  ofResult(id: string): string {
    return this.#latest.get(id) ?? clean(id);
  }
}
