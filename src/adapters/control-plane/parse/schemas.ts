import { z } from 'zod';
import { type BirdText, toBirdText } from '../../../core/model/values/bird-text.js';
import { integer } from '../../../core/model/values/integer.js';

/** Free text: printable, one line, at most 200 characters. */
export const text = z.union([z.string(), z.number()]).transform((value) => toBirdText(String(value)));

/** A word that can stand in BIRD's configuration as it is, such as `LC_REGION_AS_E`. */
export const symbol = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, 'is not a word of letters, digits and "_"');

/** A node's number: its mesh port, 51820 + number, must be a port. */
export const nodeId = integer('a node id from 1 to 13715', 1, 13_715);

/** true and false, also as text or number. */
export const flag = z.union([z.boolean(), z.string(), z.number()]).transform((value, context) => {
  const word = String(value).toLowerCase();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(value).slice(0, 60)} is neither true nor false`,
  });
  return z.NEVER;
});

/** A node's name as text, or made of its number where it is absent. */
export function nodeNameOf(
  read: (key: 'nodeName' | 'name') => BirdText | undefined,
  id: number | undefined,
): BirdText {
  return read('nodeName') ?? read('name') ?? toBirdText(`node ${id ?? ''}`);
}

/**
 * A link-local address without the interface behind it (`fe80::2%wg_24001`, RFC 4007 section 11): it is the session's
 * anyhow. Everything else stays as it is; an address of another scope has no zone.
 */
export function withoutZone(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().replace(/^(fe[89ab][\da-f]:[^%]*)%[^/]*/i, '$1') : value;
}
