/**
 * A map that forgets what was not set for long: it keeps the last `most` keys set, and up to as many
 * before them. Two generations, so that forgetting costs nothing per key.
 */
export type RecentMap<Value> = {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
};

export const createRecentMap = <Value>(most: number): RecentMap<Value> => {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set: (key, value) => {
      if (young.size >= most && !young.has(key)) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
    },
  };
};
