import { formatAddress, type HostTarget, TargetError, whyNotReachable } from '../../core/lookups/target.js';
import type { InterfaceName } from '../../core/model/values/interface-name.js';
import { type IpAddress, isLinkLocal, parseIp } from '../../core/model/values/ip.js';
import type { Resolver } from '../../shell/ports/host.js';
import type { NameServers } from './name-servers.js';

/** Where a target is. `title` is how the text of a tool calls it: `burble.dn42 (172.20.129.1)`. */
export interface Destination {
  readonly address: IpAddress;
  readonly zone: InterfaceName | undefined;
  readonly title: string;
}

export type FindHost = (
  target: HostTarget,
  signal: AbortSignal,
) => Promise<Destination | { readonly words: string }>;

/**
 * Names become addresses here, so that no program or BIRD ever gets to see one. Resolves to words where a name has no
 * address; throws `TargetError` where it has only addresses that must not be asked.
 */
export function openHostFinder(resolver: Resolver, nameServers: NameServers): FindHost {
  const addressesOf = async (name: string, signal: AbortSignal): Promise<readonly string[]> =>
    isBelowDn42(name)
      ? nameServers.addresses(name, signal)
      : ((await resolver.resolve([name], signal)).get(name) ?? []);
  return async (target, signal) => {
    if (target.kind === 'address') {
      const { address, zone } = target;
      return { address, zone, title: formatAddress(address, zone) };
    }
    const addresses = (await addressesOf(target.name, signal)).flatMap((text) => parseIp(text) ?? []);
    if (addresses.length === 0) return { words: `${target.name} has no address` };
    const address = addresses.find((candidate) => whyNotAsked(candidate) === undefined);
    const [first] = addresses;
    if (address === undefined && first) throw new TargetError(`${target.name}: ${whyNotAsked(first)}`);
    if (address === undefined) return { words: `${target.name} has no address` };
    return { address, zone: undefined, title: `${target.name} (${address})` };
  };
}

function isBelowDn42(name: string): boolean {
  return /(?:^|\.)dn42\.?$/.test(name);
}

function whyNotAsked(address: IpAddress): string | undefined {
  return whyNotReachable(address) ?? (isLinkLocal(address) ? `${address} is link-local` : undefined);
}
