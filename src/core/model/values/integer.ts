import { z } from 'zod';

/**
 * A whole number from `min` to `max`, also as decimal text (control planes send the same field as 24001 or "24001").
 * The error names the expected and the received value.
 */
export function integer(what: string, min: number, max: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `${(JSON.stringify(input) ?? 'nothing').slice(0, 60)} is not ${what}`;
  return z.union([z.number(), z.string()], { error }).transform((value, context) => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max)
      return number;
    context.addIssue({ code: 'custom', message: error({ input: value }) });
    return z.NEVER;
  });
}

/** A TCP or UDP port, 1 to 65535. */
export const port = integer('a port from 1 to 65535', 1, 65_535);

/** A tunnel's MTU in bytes: IPv6 needs 1280 (RFC 8200, section 5); 9000 is the largest in use. */
export const mtu = integer('an MTU from 1280 to 9000', 1280, 9000);
