/** Runs tasks one after another, in the order in which they were handed in; a failing one does not stop the next. */
export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>;

export function oneAtATime(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result.catch(() => undefined);
    return result;
  };
}
