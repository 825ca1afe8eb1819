import type { z } from 'zod';

/** One key of the configuration, as the documents have it: Markdown. */
export interface KeyRow {
  /** `bird.configDir`. */
  readonly key: string;
  /** What holds without the key. */
  readonly usual: string;
  /** What it may be, where the schema says so. */
  readonly value: string | undefined;
  readonly meaning: string;
}

/** The keys of a schema, each with what `meta()` says of it. One that has a meaning is not taken apart further. */
export function keyRows(schema: z.core.$ZodType, key = ''): readonly KeyRow[] {
  const { description, usual, value } = metaOf(schema);
  if (typeof description === 'string')
    return [{ key, usual: textOf(usual) ?? usualOf(schema), value: textOf(value), meaning: description }];
  const { shape } = inner(schema);
  if (shape === undefined) throw new Error(`the key ${key} has no meaning`);
  return Object.entries(shape).flatMap(([name, part]) => keyRows(part, key === '' ? name : `${key}.${name}`));
}

interface Part {
  readonly def?: { readonly innerType?: z.core.$ZodType; readonly defaultValue?: unknown };
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly meta?: () => Readonly<Record<string, unknown>> | undefined;
}

/** Of the schema, or of what is behind `.optional()` and the like. */
function metaOf(schema: z.core.$ZodType): Readonly<Record<string, unknown>> {
  const { meta, def } = schema as Part;
  return meta?.() ?? (def?.innerType === undefined ? {} : metaOf(def.innerType));
}

/** What is behind `.default()`, `.optional()` and the like. */
function inner(schema: z.core.$ZodType): Part {
  const part = schema as Part;
  return part.def?.innerType === undefined ? part : inner(part.def.innerType);
}

function usualOf(schema: z.core.$ZodType): string {
  const value = (schema as Part).def?.defaultValue;
  if (value === undefined) return 'none';
  return typeof value === 'number'
    ? String(value)
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
