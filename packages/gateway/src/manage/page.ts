import type { Page, PageRequest } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";

const mostListed = 100;

/** `limit` and `after` of a list (docs/contract.md §21). */
export const pageOf = (query: unknown): PageRequest | { readonly error: GatewayError } => {
  const { limit = "50", after } = query as { limit?: string; after?: string };
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > mostListed) {
    const message = `limit is a whole number from 1 to ${mostListed}, not '${limit}'.`;
    return { error: { code: "invalid_parameter_value", message, param: "limit" } };
  }
  return { limit: count, after: after ?? null };
};

/** A page as it is told. */
export const renderPage = <Item extends { readonly id: string }>(
  { items, hasMore }: Page<Item>,
  render: (item: Item) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  object: "list",
  data: items.map((item) => render(item)),
  count: items.length,
  has_more: hasMore,
  next_cursor: hasMore ? (items.at(-1)?.id ?? null) : null,
});
