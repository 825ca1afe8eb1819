import type { Dialect, GetCall } from '../dialects/dialect.js';
import { contract } from './contract.js';
import { missing } from './shape.js';

/** A field that came otherwise than promised, and was taken all the same or refused alone. Holds no secret. */
export interface Drift {
  /** The field's name (`policy.dn42As`), from a limited set; `(unknown key)` for what has no place in the dialect. */
  readonly field: string;
  readonly count: number;
  /** What came in one of them, in words. */
  readonly example: string;
}

/** Hears of each answer what of it is not as promised; nothing where all of it is. */
export type OnDrift = (call: GetCall, drifts: readonly Drift[]) => void;

const wholeItem = '(item)';

/** Compares an unwrapped answer with what the dialect promises. */
export function findDrift(call: GetCall, data: unknown, { promisesAllKeys }: Dialect): readonly Drift[] {
  const drifts = new Map<string, Drift>();
  contract[call](data, '', (place, came) => {
    if (came === missing && !promisesAllKeys) return;
    const field = place === '' ? wholeItem : place;
    const { count = 0, example = came } = drifts.get(field) ?? {};
    drifts.set(field, { field, count: count + 1, example });
  });
  return [...drifts.values()];
}
