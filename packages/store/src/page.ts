/** A part of a list in creation order. */
export type PageRequest = {
  /** From 1. */
  readonly limit: number;
  /** Id of the last item of the page before; `null` = from the start. An unknown id gives an empty page. */
  readonly after: string | null;
};

export type Page<Item> = { readonly items: readonly Item[]; readonly hasMore: boolean };

/** The page of a list that is in creation order. */
export const pageOf = <Item extends { readonly id: string }>(
  items: readonly Item[],
  { limit, after }: PageRequest,
): Page<Item> => {
  const last = after === null ? -1 : items.findIndex(({ id }) => id === after);
  if (after !== null && last === -1) return { items: [], hasMore: false };
  const start = last + 1;
  return { items: items.slice(start, start + limit), hasMore: items.length > start + limit };
};
