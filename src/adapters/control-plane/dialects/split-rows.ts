/** Puts rows into lists whose JSON is at most `maxBytes` long each, in order; a row that is longer by itself stands alone. */
export function splitRows<T>(rows: readonly T[], maxBytes: number): readonly (readonly T[])[] {
  const lists: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + rowBytes > maxBytes) {
      lists.push([]);
      bytes = 2;
    }
    lists.at(-1)?.push(row);
    bytes += rowBytes;
  }
  return lists;
}
