import { z } from 'zod';
import { nearest } from './nearest.js';

/** A warning for each key of `document` that the schema does not know, with the nearest name. */
export function findUnknownKeys(schema: z.ZodObject, document: unknown): string[] {
  return unknownKeys(schema, document, []).map((path) => {
    const suggestion = suggest(path, knownPaths(schema, []));
    return `${path.join('.')} is not a known key${suggestion ? `; did you mean ${suggestion}?` : ''}`;
  });
}

function unknownKeys(schema: z.ZodObject, value: unknown, at: readonly string[]): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const known = Object.hasOwn(schema.shape, key) ? unwrap(schema.shape[key]) : undefined;
    if (known === undefined) return [[...at, key]];
    if (known instanceof z.ZodRecord) return unknownInEach(unwrap(known.valueType), child, [...at, key]);
    return known instanceof z.ZodObject ? unknownKeys(known, child, [...at, key]) : [];
  });
}

/** Of an object whose own keys are anybody's choice. */
function unknownInEach(schema: unknown, value: unknown, at: readonly string[]): string[][] {
  if (typeof value !== 'object' || value === null || !(schema instanceof z.ZodObject)) return [];
  return Object.entries(value).flatMap(([key, child]) => unknownKeys(schema, child, [...at, key]));
}

/** The schema below `.optional()`, `.default()` and `.prefault()`. */
function unwrap(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}

function knownPaths(schema: z.ZodObject, at: readonly string[]): string[] {
  return Object.entries(schema.shape).flatMap(([key, child]) => {
    const inner = unwrap(child);
    const path = [...at, key];
    if (inner instanceof z.ZodObject) return [path.join('.'), ...knownPaths(inner, path)];
    const each = inner instanceof z.ZodRecord ? unwrap(inner.valueType) : undefined;
    return [path.join('.'), ...(each instanceof z.ZodObject ? knownPaths(each, [...path, '*']) : [])];
  });
}

/** First a misspelled sibling, then the same key at its right place, then any similar name. */
function suggest(path: readonly string[], known: readonly string[]): string | undefined {
  const parent = path.slice(0, -1).join('.');
  const key = path.at(-1) ?? '';
  const siblings = known.filter((candidate) => parentOf(candidate) === parent);
  const sibling = nearest(
    key,
    siblings.map((candidate) => lastOf(candidate)),
  );
  if (sibling !== undefined) return parent ? `${parent}.${sibling}` : sibling;
  const elsewhere = nearest(key, known.map(lastOf));
  return known.find((candidate) => lastOf(candidate) === elsewhere);
}

function parentOf(path: string): string {
  return path.split('.').slice(0, -1).join('.');
}

function lastOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}
