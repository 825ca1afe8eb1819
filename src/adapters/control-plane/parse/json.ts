// More than any node can have of anything; a list beyond it is a mistake, or an attack on the node's memory.
const maxItems = 10_000;

export type Raw = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or a `WrongShapeError` that says what came instead of `what`. */
export function rawOf(value: unknown, what: string): Raw {
  if (isRaw(value)) return value;
  throw new WrongShapeError(`${what} is ${kindOf(value)}, not an object`);
}

/** A JSON array of a sane length, or a `WrongShapeError`. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new WrongShapeError(`${what} is ${kindOf(value)}, not a list`);
  if (value.length <= maxItems) return value;
  throw new WrongShapeError(`${what} has ${value.length} items, more than ${maxItems}`);
}

/** The first value that is there: null and "" are like absent. */
export function present(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null && value !== '');
}

/** 0 is what a column of a port or a size says that was never set. */
export function zeroAsAbsent(value: unknown): unknown {
  return value === 0 || value === '0' ? undefined : value;
}

/** What a JSON value is, for a message: "a list", "an object", "a string", "nothing". */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** An answer whose shape says nothing: not even one item of it can be used. */
export class WrongShapeError extends Error {}
