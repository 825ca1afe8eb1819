import type { ObservedLink } from '../../model/observed.js';
import type { Endpoint } from '../../model/values/endpoint.js';
import { parsedIp, parseIp } from '../../model/values/ip.js';

/** What endpoints are compared with. */
export interface EndpointFacts {
  /** Every address of the machine → its interface. */
  readonly own: ReadonlyMap<string, string>;
  readonly resolved: ReadonlyMap<string, readonly string[]>;
}

export function endpointFacts(
  links: readonly ObservedLink[],
  resolved: ReadonlyMap<string, readonly string[]>,
): EndpointFacts {
  const own = links.flatMap(({ name, addresses }) => addresses.map(({ local }) => [local, name] as const));
  return { own: new Map(own), resolved };
}

/** What kind of address it is, if no WireGuard peer can have it; undefined for all others. */
function whyNoPeer(text: string, own: EndpointFacts['own']): string | undefined {
  const address = parseIp(text);
  if (address === undefined) return 'no address';
  const link = own.get(address);
  const what = noPeerRanges.get(parsedIp(address).range());
  return what ?? (link === undefined ? undefined : `an address of this machine (${link})`);
}

const mapped = 'an IPv4 address in IPv6 form';

// Names as ipaddr.js has them.
const noPeerRanges: ReadonlyMap<string, string> = new Map([
  ['unspecified', 'an unspecified address'],
  ['loopback', 'a loopback address'],
  ['linkLocal', 'a link-local address'],
  ['multicast', 'a multicast address'],
  ['broadcast', 'the broadcast address'],
  ['ipv4Mapped', mapped],
  ['rfc6145', mapped],
]);

/** The addresses of each name that can be a peer's: a name without one is absent, as if it did not resolve. */
export function peerAddresses({ own, resolved }: EndpointFacts): ReadonlyMap<string, readonly string[]> {
  const good = [...resolved].map(
    ([name, addresses]) =>
      [name, addresses.filter((address) => whyNoPeer(address, own) === undefined)] as const,
  );
  return new Map(good.filter(([, addresses]) => addresses.length > 0));
}

/**
 * Why no peer can be at the endpoint: its address is not a peer's, or its name has only such addresses. Undefined where one
 * can, and for a name that does not resolve, because it may resolve later.
 */
export function whyNoEndpoint(
  { host, named }: Endpoint,
  { own, resolved }: EndpointFacts,
): { readonly reason: string; readonly named: boolean } | undefined {
  if (!named) {
    const what = whyNoPeer(host, own);
    return what === undefined ? undefined : { reason: `${host} is ${what}, not a peer's`, named };
  }
  const addresses = (resolved.get(host) ?? []).map((address) => ({ address, what: whyNoPeer(address, own) }));
  if (addresses.length === 0 || addresses.some(({ what }) => what === undefined)) return undefined;
  const list = addresses.map(({ address, what }) => `${address} (${what})`).join(', ');
  return { reason: `${host} resolves to ${list}, which is not a peer's`, named };
}
