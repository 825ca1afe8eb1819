/**
 * The results of all, after every one has ended: where one fails, what the others hold open must not be left behind.
 * Throws what the first of them threw.
 */
export async function allEnded<T>(tasks: readonly Promise<T>[]): Promise<readonly T[]> {
  const ends = await Promise.allSettled(tasks);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
