/** A priority queue: the smallest key comes out first, equal keys in the order they went in. */
export type MinHeap<Item> = {
  readonly size: () => number;
  /** The smallest key; `Infinity` if empty. */
  readonly nextKey: () => number;
  readonly push: (key: number, item: Item) => void;
  readonly pop: () => Item | undefined;
};

type Entry<Item> = { readonly key: number; readonly order: number; readonly item: Item };

const before = <Item>(a: Entry<Item>, b: Entry<Item>): boolean =>
  a.key < b.key || (a.key === b.key && a.order < b.order);

export const createMinHeap = <Item>(): MinHeap<Item> => {
  const entries: Entry<Item>[] = [];
  let pushed = 0;

  const siftUp = (entry: Entry<Item>): void => {
    let index = entries.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || !before(entry, parent)) break;
      entries[index] = parent;
      index = above;
    }
    entries[index] = entry;
  };

  const siftDown = (entry: Entry<Item>): void => {
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = entries[below];
      const right = entries[below + 1];
      if (child !== undefined && right !== undefined && before(right, child)) {
        below += 1;
        child = right;
      }
      if (child === undefined || !before(child, entry)) break;
      entries[index] = child;
      index = below;
    }
    entries[index] = entry;
  };

  return {
    size: () => entries.length,
    nextKey: () => entries[0]?.key ?? Infinity,
    push: (key, item) => {
      siftUp({ key, order: pushed, item });
      pushed += 1;
    },
    pop: () => {
      const [first] = entries;
      const last = entries.pop();
      if (first !== undefined && last !== undefined && entries.length > 0) siftDown(last);
      return first?.item;
    },
  };
};
