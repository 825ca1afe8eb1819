import { z } from 'zod';
import { oneLine } from '../redact.js';
import { isRaw, kindOf, present, type Raw } from './json.js';
import { compare, type Key, type Note, type Promised, unheard } from './promised.js';

/** A key of an object: what the dialects promise of it, and what the agent takes it for. */
interface Field<S extends z.ZodType = z.ZodType> extends Key {
  readonly schema: S;
}

/** A key that is promised. One without a schema is read as it came, by `rowOf`, or not at all. */
export function key<S extends z.ZodType = z.ZodUnknown>(promised: Promised, schema?: S): Field<S> {
  return { promised, schema: schema ?? (z.unknown() as z.ZodType as S) };
}

/** A key that is known, but not promised. */
export function optional<S extends z.ZodType = z.ZodUnknown>(promised: Promised, schema?: S): Field<S> {
  return { ...key(promised, schema), isOptional: true };
}

type Fields = Readonly<Record<string, Field>>;

/** Where a parser says what it finds: what it cannot take, with reasons, and what came otherwise than promised. */
export interface Findings {
  readonly refused: string[];
  readonly note: Note;
}

/** Reads one key: its value where it is there and valid; else undefined, and a reason where it was there. */
type Reader<F extends Fields> = <K extends keyof F & string>(key: K) => z.output<F[K]['schema']> | undefined;

/** Reads an object's keys one by one, so that one bad key spoils no other. `where` names the object in reasons. */
export function readerOf<const F extends Fields>(
  source: unknown,
  fields: F,
  where: string,
  { refused, note }: Findings,
): Reader<F> {
  compare(source, fields, where.replace(/\.\d+$/, ''), note);
  if (present(source) !== undefined && !isRaw(source))
    refused.push(`${where}: ${kindOf(source)}, not an object`);
  return (name) => {
    const value = isRaw(source) ? present(source[name]) : undefined;
    if (value === undefined) return undefined;
    const result = (fields[name] as F[typeof name]).schema.safeParse(value);
    if (result.success) return result.data as z.output<F[typeof name]['schema']>;
    refused.push(explainIssues(result.error, value, where === '' ? [name] : [where, name]));
    return undefined;
  };
}

/** An object's values as they came, those of the keys that it may have. */
export function rowOf<const F extends Fields>(
  source: Raw,
  fields: F,
  field = '',
  note: Note = unheard,
): Readonly<Record<keyof F, unknown>> {
  compare(source, fields, field, note);
  return source as Readonly<Record<keyof F, unknown>>;
}

/** All problems of a value in one line, each with the path of its field: `port: 70000 is not a port …; mtu: …`. */
export function explainIssues(error: z.ZodError, input: unknown, base: readonly PropertyKey[] = []): string {
  const problems = error.issues.map((issue) => {
    const path = [...base, ...issue.path].map(String).join('.');
    const text = explainIssue(issue, valueAt(input, issue.path));
    return path === '' || text.startsWith(`${path} `) ? text : `${path}: ${text}`;
  });
  return oneLine(problems.join('; '), 800);
}

function explainIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_union') return issue.message;
  return value === undefined || value === null ? 'is missing' : `${kindOf(value)} is not expected here`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isRaw(value) ? value[String(key)] : undefined), input);
}
