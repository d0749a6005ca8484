const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

/** `{ [key]: value }`, or nothing where there is no value: for optional fields that must be absent. */
export function present<K extends string, V>(
  key: K,
  value: V | null | undefined,
): { readonly [P in K]?: V };
export function present(key: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined || value === null ? nothing : { [key]: value };
}
