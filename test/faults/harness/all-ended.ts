/**
 * The results of all, after every one has ended: where one fails, what the others hold open must not be left behind.
 * Throws what the first of them threw.
 */
export async function allEnded<const T extends readonly Promise<unknown>[]>(tasks: T) {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
