/** A process that may be killed: from then on nothing that it does reaches the world, and nothing of the world reaches it. */
export interface Life {
  isOver: boolean;
}

/** A new one each time: one for all would keep whatever waits for it. */
const never = () => new Promise<never>(() => undefined);

/**
 * The same object for a process that may be killed. What it asks takes as long as `delay` says for the call's name (`bird.commit`); a
 * call that is under way at the death never returns.
 */
export function mortal<T extends object>(
  target: T,
  life: Life,
  delay: (call: string) => Promise<void> | undefined,
  path = '',
): T {
  return new Proxy(target, {
    get: (object, key) => {
      const value: unknown = Reflect.get(object, key);
      const name = path === '' ? String(key) : `${path}.${String(key)}`;
      if (typeof value === 'function') return call(object, value as (...args: unknown[]) => unknown, name);
      if (isPort(value)) return mortal(value, life, delay, name);
      return value;
    },
  });

  function call(object: T, work: (...args: unknown[]) => unknown, name: string) {
    return (...args: unknown[]) => {
      if (life.isOver) return never();
      const wait = delay(name);
      const result = wait
        ? wait.then(() => (life.isOver ? never() : work.apply(object, args)))
        : work.apply(object, args);
      if (!(result instanceof Promise)) return result;
      return result.then(
        (value) => (life.isOver ? never() : value),
        (error) => (life.isOver ? never() : Promise.reject(error)),
      );
    };
  }
}

/** A part of a port, such as `host.bird`; not a value. */
function isPort(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
