/**
 * A way to find an item of a list by its key, the first where two have the same. The list is walked once: a pass looks for each of a
 * thousand sessions. The list must not change afterwards.
 */
export function findBy<Item>(
  keyOf: (item: Item) => string,
): (list: readonly Item[], key: string) => Item | undefined {
  const indexes = new WeakMap<readonly Item[], ReadonlyMap<string, Item>>();
  return (list, key) => {
    const known = indexes.get(list);
    if (known) return known.get(key);
    const index = new Map<string, Item>();
    // From the end: of two with the same key the first stays.
    for (const item of list.toReversed()) index.set(keyOf(item), item);
    indexes.set(list, index);
    return index.get(key);
  };
}
