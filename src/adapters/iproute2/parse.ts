import { z } from 'zod';
import type { ObservedLink } from '../../core/model/observed.js';
import { parseIp } from '../../core/model/values/ip.js';

const address = z.object({
  family: z.string(),
  local: z.string().optional(),
  /** The peer of a point-to-point address. */
  address: z.string().optional(),
  prefixlen: z.number(),
  valid_life_time: z.number().optional(),
  temporary: z.boolean().optional(),
  deprecated: z.boolean().optional(),
  tentative: z.boolean().optional(),
});

// How `ip` says "forever": 32 bits, all set (INFINITY_LIFE_TIME of the kernel).
const forever = 0xffff_ffff;

const link = z.object({
  ifname: z.string(),
  ifalias: z.string().optional(),
  flags: z.array(z.string()),
  mtu: z.number(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(address).default([]),
});

/**
 * Reads the output of `ip -j -d addr show`, addresses in canonical text. Throws where it has another form: a list that
 * was half understood would be taken for a machine with half of its interfaces.
 */
export function parseLinks(json: string): readonly ObservedLink[] {
  const links = z.array(link).safeParse(JSON.parse(json.trim() || '[]'));
  if (links.success) return links.data.map(toObserved);
  throw new Error(`ip -j -d addr show: ${z.prettifyError(links.error)}`);
}

function toObserved(seen: z.infer<typeof link>): ObservedLink {
  return {
    name: seen.ifname,
    alias: seen.ifalias,
    kind: seen.linkinfo?.info_kind,
    mtu: seen.mtu,
    up: seen.flags.includes('UP'),
    addresses: seen.addr_info.flatMap(
      ({ family, local, address: peer, prefixlen, valid_life_time: life = forever, ...flags }) =>
        (family === 'inet' || family === 'inet6') && local !== undefined
          ? [
              {
                local: canonical(local),
                prefixLength: prefixlen,
                peer: peer === undefined ? undefined : canonical(peer),
                ...(life < forever ? { expires: true } : {}),
                ...(flags.temporary || flags.deprecated || flags.tentative ? { isPassing: true } : {}),
              },
            ]
          : [],
    ),
  };
}

function canonical(address: string): string {
  return parseIp(address) ?? address;
}
