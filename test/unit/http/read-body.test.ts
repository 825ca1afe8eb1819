import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { HttpError, readBody } from '../../../src/http/server.js';

const schema = z.object({ target: z.string(), count: z.number().max(3, 'at most 3').optional() });

async function refusalOf(body: string): Promise<string> {
  let words = 'taken';
  const app = new Hono().post('/', async (context) => {
    await readBody(context, schema).catch((error: unknown) => {
      words = error instanceof HttpError ? `${error.status} ${error.message}` : String(error);
    });
    return context.text('');
  });
  await app.request('/', { method: 'POST', body });
  return words;
}

it.each([
  ['{"target": "a"}', 'taken'],
  ['{}', '400 the body\'s "target" is missing'],
  ['{"target": 3}', '400 the body\'s "target" must be of type string'],
  ['{"target": "a", "count": 9}', '400 the body\'s "count": at most 3'],
  ['{"count": 9}', '400 the body\'s "target" is missing; the body\'s "count": at most 3'],
  ['[]', '400 the body must be of type object'],
  ['x', '400 the body is not JSON'],
])('says of the body %s: %s', async (body, words) => {
  expect(await refusalOf(body)).toBe(words);
});
