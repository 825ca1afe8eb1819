import { z } from 'zod';
import { type IpAddress, type Ipv6, ipv4, ipv6, isLinkLocal, isUnicast } from '../../core/model/ip.js';
import { present } from './fields.js';
import { withoutZone } from './zone.js';

// "" and null are like absent.
function address<T extends IpAddress>(schema: z.ZodType<T, string>) {
  const unicast = schema.refine(isUnicast, {
    error: ({ input }) => `${JSON.stringify(input)} is not a host's address`,
  });
  return z.preprocess((value) => withoutZone(present(value)), unicast.optional());
}

const linkLocal = ipv6.refine(isLinkLocal, {
  error: ({ input }) => `${JSON.stringify(input)} is not a link-local address (fe80::/10)`,
});

/**
 * The neighbor's addresses, of which there must be one. Control planes have been seen to put a link-local address
 * into `ipv6`: it counts only where `ipv6LinkLocal` is absent, and never as a global one.
 */
export const neighborAddresses = z
  .object({ ipv4: address(ipv4), ipv6: address(ipv6), ipv6LinkLocal: address(linkLocal) })
  .transform((raw, context) => {
    const misplaced: Ipv6 | undefined =
      raw.ipv6 !== undefined && isLinkLocal(raw.ipv6) ? raw.ipv6 : undefined;
    const neighbor = {
      ipv4: raw.ipv4,
      ipv6: misplaced === undefined ? raw.ipv6 : undefined,
      ipv6LinkLocal: raw.ipv6LinkLocal ?? misplaced,
    };
    if (Object.values(neighbor).some((value) => value !== undefined)) return neighbor;
    context.addIssue({
      code: 'custom',
      message: 'the neighbor has no address (ipv4, ipv6 or ipv6LinkLocal)',
    });
    return z.NEVER;
  });
