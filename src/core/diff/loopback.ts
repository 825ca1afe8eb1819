import type { Change, LinkChange } from '../change.js';
import type { InterfaceAddress } from '../desired/desired.js';
import { formatMark } from '../model/owner.js';
import type { ObservedLink } from '../observed.js';
import { formatAddress, isLasting } from './tunnel.js';

const node = { kind: 'node' } as const;

/**
 * The addresses of the node itself, on the interface named in the configuration or, where the kernel has no dummy
 * device to make it of, on `lo`. Addresses that others put there stay; `formerAddresses` are the agent's own of before,
 * `unmarked` the interfaces that it began to make.
 */
export function diffLoopback(
  name: string,
  wanted: readonly InterfaceAddress[],
  links: readonly ObservedLink[],
  formerAddresses: readonly string[],
  unmarked: readonly string[],
): Change[] {
  const carrier =
    links.find((link) => link.name === name) ??
    links.find((link) => link.name === 'lo' && carriesAny(link, wanted));
  if (!carrier) return wanted.length === 0 ? [] : [createLoopback(name, wanted)];
  const present = new Set(carrier.addresses.filter(isLasting).map(formatAddress));
  const keep = new Set(wanted.map(formatAddress));
  const add = wanted.filter((address) => !present.has(formatAddress(address)));
  const remove = carrier.addresses.filter((address) => {
    const text = formatAddress(address);
    return formerAddresses.includes(text) && !keep.has(text);
  });
  const mark = unmarked.includes(carrier.name) && carrier.alias === undefined;
  if (add.length === 0 && remove.length === 0 && carrier.up && !mark) return [];
  const link: LinkChange = {
    interface: carrier.name,
    ...(mark ? { alias: formatMark(node) } : {}),
    ...(remove.length > 0 ? { removeAddresses: remove } : {}),
    ...(add.length > 0 ? { addAddresses: add } : {}),
    ...(carrier.up ? {} : { up: true as const }),
  };
  const words = [
    ...(mark ? ['it was made by the agent, which did not come to mark it'] : []),
    ...remove.map((address) => `remove ${formatAddress(address)}`),
    ...add.map((address) => `add ${formatAddress(address)}`),
    ...(carrier.up ? [] : ['it is down']),
  ];
  return [{ kind: 'set-loopback', owner: node, link, why: words.join('; ') }];
}

function carriesAny(link: ObservedLink, wanted: readonly InterfaceAddress[]): boolean {
  const present = new Set(link.addresses.map(formatAddress));
  return wanted.some((address) => present.has(formatAddress(address)));
}

function createLoopback(name: string, addresses: readonly InterfaceAddress[]): Change {
  const link: LinkChange = {
    interface: name,
    create: 'dummy',
    alias: formatMark(node),
    addAddresses: addresses,
    up: true,
  };
  const why = `it is to have ${addresses.map(formatAddress).join(', ')}; lo has them where the kernel has no dummy device`;
  return { kind: 'set-loopback', owner: node, link, why };
}
