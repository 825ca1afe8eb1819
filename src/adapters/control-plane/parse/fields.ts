import type { z } from 'zod';
import { oneLine } from '../redact.js';

export type Raw = Readonly<Record<string, unknown>>;

// More than any node can have of anything; a list beyond it is a mistake, or an attack on the node's memory.
const maxItems = 10_000;

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

/** Reads one key: its value where it is there and valid; else undefined, and a problem is noted where it was there. */
export type ReadField = <S extends z.ZodType>(key: string, schema: S) => z.output<S> | undefined;

/** Reads an object's keys one by one, so that one bad key spoils no other. `where` names the object in `problems`. */
export function fieldsOf(source: unknown, where: string, problems: string[]): ReadField {
  if (present(source) !== undefined && !isRaw(source))
    problems.push(`${where}: ${kindOf(source)}, not an object`);
  return (key, schema) => {
    const value = isRaw(source) ? present(source[key]) : undefined;
    if (value === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    problems.push(explainIssues(result.error, value, where === '' ? [key] : [where, key]));
    return undefined;
  };
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
  return value === undefined || value === null ? 'is missing' : `${kindOf(value)} is not understood here`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isRaw(value) ? value[String(key)] : undefined), input);
}

/** What a JSON value is, for a message: "a list", "an object", "a string", "nothing". */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** An answer whose shape says nothing: not even one item of it can be used. */
export class WrongShapeError extends Error {}
