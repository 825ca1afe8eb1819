import { isRaw, kindOf, type Raw } from '../parse/fields.js';
import { oneLine } from '../redact.js';

/** Hears of a place in an answer that is not as promised: the field's name, and what came there instead. */
type Note = (field: string, came: string) => void;

/** What is promised of a value. Notes what differs; `field` is the name of the place, without the numbers of items. */
export type Shape = (value: unknown, field: string, note: Note) => void;

/** What is said to have come where a promised key is not there. */
export const missing = 'nothing';

/** What a key that nobody knows is counted as, whatever its name is. */
const unknownKey = '(unknown key)';

/** A value that `is` takes. Where it is none, the note shows it. */
function value(is: (value: unknown) => boolean): Shape {
  return (came, field, note) => {
    if (!is(came)) note(field, shown(came));
  };
}

export const text = value((came) => typeof came === 'string');
export const number = value((came) => typeof came === 'number');
export const flag = value((came) => typeof came === 'boolean');
export const anything: Shape = () => undefined;

/** Text of a form. */
export function textLike(pattern: RegExp): Shape {
  return value((came) => typeof came === 'string' && pattern.test(came));
}

/** What must not be shown: only its kind is. */
export function hidden(kind: 'string' | 'number'): Shape {
  return (came, field, note) => {
    if (typeof came !== kind) note(field, kindNamed(came));
  };
}

export function nullable(shape: Shape): Shape {
  return (came, field, note) => (came === null ? undefined : shape(came, field, note));
}

export function list(of: Shape): Shape {
  return (came, field, note) => {
    if (!Array.isArray(came)) return note(field, shown(came));
    for (const item of came) of(item, field, note);
  };
}

/** An object with keys of any name. */
export function map(of: Shape): Shape {
  return (came, field, note) => {
    if (!isRaw(came)) return note(field, shown(came));
    for (const item of Object.values(came)) of(item, join(field, '*'), note);
  };
}

/** An object with all of `required`, and perhaps some of `optional`. Keys of other names are noted, not their values. */
export function object(required: Shapes, optional: Shapes = {}): Shape {
  return (came, field, note) => {
    if (!isRaw(came)) return note(field, shown(came));
    for (const [key, shape] of Object.entries(required)) {
      if (Object.hasOwn(came, key)) shape(came[key], join(field, key), note);
      else note(join(field, key), missing);
    }
    for (const [key, shape] of Object.entries(optional))
      if (Object.hasOwn(came, key)) shape(came[key], join(field, key), note);
    noteUnknown(came, { ...required, ...optional }, field, note);
  };
}

type Shapes = Readonly<Record<string, Shape>>;

function noteUnknown(came: Raw, known: Shapes, field: string, note: Note): void {
  for (const key of Object.keys(came))
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
