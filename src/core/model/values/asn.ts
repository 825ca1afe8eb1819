import { z } from 'zod';
import { integer } from './integer.js';

/** `AS4242421080` is the number 4242421080, as people write it. */
function withoutPrefix(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().replace(/^as(?=\d)/i, '') : value;
}

/** An AS number that a neighbor can have: 1 to 4294967294 (RFC 6793, RFC 7300). */
export type Asn = number & z.$brand<'Asn'>;

export const asn = z
  .preprocess(withoutPrefix, integer('an AS number from 1 to 4294967294', 1, 4_294_967_294))
  .brand<'Asn'>();
