import type { Dialect, GetCall } from './dialects/dialect.js';
import { WrongShapeError } from './parse/json.js';
import { parseBirdConfig } from './parse/parse-bird-config.js';
import { parseConfig } from './parse/parse-config.js';
import { parseMesh } from './parse/parse-mesh.js';
import { compareSessions } from './parse/parse-sessions.js';
import { missing, type Note, unknownKey } from './parse/promised.js';

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

/** What is promised of each key is with the parser that reads it, which notes what differs. */
const readers: Readonly<Record<GetCall, (data: unknown, note: Note) => unknown>> = {
  config: parseConfig,
  sessions: compareSessions,
  'bird-config': parseBirdConfig,
  mesh: parseMesh,
};

/** What of an unwrapped answer is not as the dialect promises, unknown keys last. */
export function findDrift(call: GetCall, data: unknown, { promisesAllKeys }: Dialect): readonly Drift[] {
  const drifts = new Map<string, Drift>();
  const note: Note = (place, came) => {
    if (came === missing && !promisesAllKeys) return;
    const field = place === '' ? wholeItem : place;
    const { count = 0, example = came } = drifts.get(field) ?? {};
    drifts.set(field, { field, count: count + 1, example });
  };
  try {
    readers[call](data, note);
  } catch (error) {
    if (!(error instanceof WrongShapeError)) throw error;
  }
  return [...drifts.values()].sort((a, b) => Number(a.field === unknownKey) - Number(b.field === unknownKey));
}
