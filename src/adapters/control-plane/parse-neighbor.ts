import { z } from 'zod';
import {
  type IpAddress,
  type Ipv4,
  type Ipv6,
  ipv4,
  ipv6,
  isLinkLocal,
  isUnicast,
  otherEnd,
} from '../../core/model/ip.js';
import { present } from './fields.js';
import { withoutZone } from './zone.js';

// "" and null are like absent.
function address<T extends IpAddress>(schema: z.ZodType<T, string>) {
  const unicast = schema.refine(isUnicast, {
    error: ({ input }) => `${JSON.stringify(input)} is not a host's address`,
  });
  return z.preprocess((value) => withoutZone(present(value)), unicast.optional());
}

/** True for text that writes an address with this prefix length. */
function hasLength(length: number) {
  return z.unknown().transform((value) => String(withoutZone(value) ?? '').endsWith(`/${length}`));
}

// The lengths are read beside the addresses, which lose them.
const fields = z.preprocess(
  (row) => ({ ...(row as object), inPair4: (row as Row).ipv4, inPair6: (row as Row).ipv6 }),
  z.object({
    ipv4: address(ipv4),
    ipv6: address(ipv6),
    ipv6LinkLocal: address(ipv6),
    inPair4: hasLength(31),
    inPair6: hasLength(127),
  }),
);

interface Row {
  readonly ipv4?: unknown;
  readonly ipv6?: unknown;
}

/**
 * The neighbor's addresses, of which there must be one, and our own where the row gives the link a /31 or a /127: by the
 * prefix length of the neighbor's address, or by our end in `ipv6LinkLocal`. Control planes have been seen to put a
 * link-local address into `ipv6`: it counts only where `ipv6LinkLocal` is absent, and never as a global one.
 */
export const neighborAddresses = fields.transform((raw, context) => {
  const neighbor: Ipv6 | undefined = raw.ipv6 !== undefined && !isLinkLocal(raw.ipv6) ? raw.ipv6 : undefined;
  const misplaced = neighbor === undefined ? raw.ipv6 : undefined;
  const ours =
    raw.ipv6LinkLocal !== undefined && !isLinkLocal(raw.ipv6LinkLocal) ? raw.ipv6LinkLocal : undefined;
  if (ours !== undefined && (neighbor === undefined || ours !== otherEnd(neighbor))) {
    context.addIssue({ code: 'custom', path: ['ipv6LinkLocal'], message: whyNotOurs(ours, neighbor) });
    return z.NEVER;
  }
  const found = {
    ipv4: raw.ipv4,
    ipv6: neighbor,
    ipv6LinkLocal: ours === undefined ? (raw.ipv6LinkLocal ?? misplaced) : undefined,
  };
  if (Object.values(found).every((value) => value === undefined)) {
    context.addIssue({
      code: 'custom',
      message: 'the neighbor has no address (ipv4, ipv6 or ipv6LinkLocal)',
    });
    return z.NEVER;
  }
  const localIpv4: Ipv4 | undefined = raw.ipv4 && raw.inPair4 ? otherEnd(raw.ipv4) : undefined;
  const localIpv6: Ipv6 | undefined = ours ?? (neighbor && raw.inPair6 ? otherEnd(neighbor) : undefined);
  return { ...found, ...(localIpv4 && { localIpv4 }), ...(localIpv6 && { localIpv6 }) };
});

function whyNotOurs(ours: Ipv6, neighbor: Ipv6 | undefined): string {
  const pair = neighbor === undefined ? '' : `, nor the other end of a /127 with ${neighbor}`;
  return `${JSON.stringify(ours)} is not a link-local address (fe80::/10)${pair}`;
}
