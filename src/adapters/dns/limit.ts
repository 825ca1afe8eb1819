/** Returns a function that runs tasks, at most `most` of them at a time and the others in the order they came. */
export function limit(most: number): (task: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      await task();
    } finally {
      const next = waiting.shift();
      // The place goes to the next in line, or becomes free.
      if (next) next();
      else running -= 1;
    }
  };
}
