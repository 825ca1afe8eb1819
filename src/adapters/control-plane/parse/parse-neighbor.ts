import { z } from 'zod';
import type { Session } from '../../../core/model/session.js';
import {
  type IpAddress,
  type Ipv4,
  type Ipv6,
  ipv4,
  ipv6,
  isLinkLocal,
  isUnicast,
  otherEnd,
} from '../../../core/model/values/ip.js';
import { present } from './json.js';
import { withoutZone } from './schemas.js';

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

type Row = Readonly<Partial<Record<'ipv4' | 'ipv6', unknown>>>;

/**
 * The neighbor's addresses, of which there must be one, and our own where the row has any: `ipv6` is the neighbor's, and
 * `ipv6LinkLocal` beside a link-local one is ours, as the neighbor was told. Where the row gives the link a /31 or a /127, our end
 * follows from the prefix length of the neighbor's address. What the row alone does not tell is for `readAddresses`.
 */
export const neighborAddresses = fields.transform((raw, context) => {
  const refuse = (message: string, path: string[] = []) => {
    context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  };
  const whose = sortIpv6(raw.ipv6, raw.ipv6LinkLocal);
  if (whose === undefined)
    return refuse(`${JSON.stringify(raw.ipv6LinkLocal)} is not a link-local address (fe80::/10)`, [
      'ipv6LinkLocal',
    ]);
  const found = { ipv4: raw.ipv4, ipv6: whose.ipv6, ipv6LinkLocal: whose.ipv6LinkLocal };
  if (Object.values(found).every((value) => value === undefined))
    return refuse('the neighbor has no address (ipv4, ipv6 or ipv6LinkLocal)');
  const localIpv4: Ipv4 | undefined = raw.ipv4 && raw.inPair4 ? otherEnd(raw.ipv4) : undefined;
  const pair = found.ipv6 && otherEnd(found.ipv6);
  const localIpv6: Ipv6 | undefined = raw.inPair6 || whose.ownIpv6 === pair ? pair : undefined;
  const ownIpv6 = whose.ownIpv6 === localIpv6 ? undefined : whose.ownIpv6;
  return {
    ...found,
    ...(localIpv4 && { localIpv4 }),
    ...(localIpv6 && { localIpv6 }),
    ...(ownIpv6 && { ownIpv6 }),
  };
});

type Whose = Pick<Session, 'ipv6' | 'ipv6LinkLocal' | 'ownIpv6'>;

/** Undefined where the only address is one that is nobody's: a global one under the name of a link-local. */
function sortIpv6(ipv6: Ipv6 | undefined, other: Ipv6 | undefined): Whose | undefined {
  const second = other === ipv6 ? undefined : other;
  if (ipv6 === undefined)
    return second === undefined || isLinkLocal(second) ? { ipv6, ipv6LinkLocal: second } : undefined;
  if (isLinkLocal(ipv6)) return { ipv6: undefined, ipv6LinkLocal: ipv6, ownIpv6: second };
  if (second !== undefined && isLinkLocal(second)) return { ipv6, ipv6LinkLocal: second };
  return { ipv6, ipv6LinkLocal: undefined, ownIpv6: second };
}
