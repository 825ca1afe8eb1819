import { oneLine } from '../redact.js';
import { isRaw, kindOf, type Raw } from './json.js';

/** Hears of a place in an answer that is not as promised: the field's name, and what came there instead. */
export type Note = (field: string, came: string) => void;

/** For those who only want what an answer means. */
export const unheard: Note = () => undefined;

/**
 * What the dialects promise of a value, apart from what each makes optional. Parsers take more than that where the meaning
 * is clear. Notes what differs; `field` is the name of the place, without the numbers of items.
 */
export type Promised = (value: unknown, field: string, note: Note) => void;

/** What is said to have come where a promised key is not there. */
export const missing = 'nothing';

/** What a key that nobody knows is counted as, whatever its name is. */
export const unknownKey = '(unknown key)';

export const string = value((came) => typeof came === 'string');
export const number = value((came) => typeof came === 'number');
export const flag = value((came) => typeof came === 'boolean');
export const address = stringLike(/^[0-9A-Fa-f:.]+$/);
/** Also what has a reader of its own, which notes the rest. */
export const anything: Promised = () => undefined;

/** A value that `is` takes. Where it is none, the note shows it. */
function value(is: (value: unknown) => boolean): Promised {
  return (came, field, note) => {
    if (!is(came)) note(field, shown(came));
  };
}

/** Text of a form. */
export function stringLike(pattern: RegExp): Promised {
  return value((came) => typeof came === 'string' && pattern.test(came));
}

/** What must not be shown: only its kind is. */
export function hidden(kind: 'string' | 'number'): Promised {
  return (came, field, note) => {
    if (typeof came !== kind) note(field, kindNamed(came));
  };
}

/** As `promised`, or `null`. */
export function nullable(promised: Promised): Promised {
  return (came, field, note) => (came === null ? undefined : promised(came, field, note));
}

/** An array; what differs in an item is noted under the name of the array. */
export function list(of: Promised = anything): Promised {
  return (came, field, note) => {
    if (!Array.isArray(came)) return note(field, shown(came));
    for (const item of came) of(item, field, note);
  };
}

/** An object with keys of any name. */
export function map(of: Promised): Promised {
  return (came, field, note) => {
    if (!isRaw(came)) return note(field, shown(came));
    for (const item of Object.values(came)) of(item, join(field, '*'), note);
  };
}

/** A key that is promised, or else only known. */
export interface Key {
  readonly promised: Promised;
  readonly isOptional?: boolean;
}

/** Compares an object with all keys that it may have. Keys of other names are noted, not their values. */
export function compare(
  source: unknown,
  keys: Readonly<Record<string, Key>>,
  field: string,
  note: Note,
): void {
  // That it is not there is noted where its own key is.
  if (source === undefined || note === unheard) return;
  if (!isRaw(source)) {
    note(field, shown(source));
    return;
  }
  for (const [key, { promised, isOptional }] of Object.entries(keys)) {
    const came = Object.hasOwn(source, key) ? source[key] : undefined;
    if (came !== undefined) promised(came, join(field, key), note);
    else if (!isOptional) note(join(field, key), missing);
  }
  noteUnknown(source, keys, field, note);
}

function noteUnknown(source: Raw, known: object, field: string, note: Note): void {
  for (const key of Object.keys(source))
    if (!Object.hasOwn(known, key)) note(unknownKey, oneLine(join(field, key), 60));
}

function join(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}

function shown(came: unknown): string {
  const kind = kindNamed(came);
  return typeof came === 'object' ? kind : `${kind}, ${oneLine(JSON.stringify(came), 40)}`;
}

function kindNamed(came: unknown): string {
  return came === null ? 'null' : kindOf(came);
}
