import type { Context } from 'hono';
import { z } from 'zod';
import { HttpError } from './http-error.js';

/** The request's JSON as the schema has it. Throws `HttpError` 400 with what is wrong, by its path. */
export async function readBody<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  const json: unknown = await context.req.json().catch(() => {
    throw new HttpError(400, 'the body is not JSON');
  });
  const body = schema.safeParse(json);
  if (body.success) return body.data;
  throw new HttpError(400, z.prettifyError(body.error).replace(/\s+/g, ' '));
}
