import { formatAddress, type InterfaceAddress } from '../model/artifacts.js';
import type { Change, LinkChange } from '../model/change.js';
import { isLasting, linkNamed, type ObservedLink } from '../model/observed.js';
import { formatMark, parseMark } from '../model/owner.js';

const node = { kind: 'node' } as const;

/** The interface that has the node's addresses, and the one that was wanted. */
export interface LoopbackCarrier {
  readonly wanted: string;
  /** `lo` where the kernel has no dummy device. */
  readonly actual: string;
}

/** What the agent did to the loopback before. */
export interface LoopbackPast {
  /** The addresses that it set, as `formatAddress` writes them. */
  readonly addresses: readonly string[];
  /** The interfaces that it began to make. */
  readonly unmarked: readonly string[];
  /** Undefined where it is unknown. */
  readonly carrier: LoopbackCarrier | undefined;
}

/**
 * The addresses of the node itself, on the configured interface or, where the kernel has no dummy device, on `lo`.
 * Addresses of others stay there. Once they are on another interface, the agent removes the previous one, or its own
 * addresses from it.
 */
export function diffLoopback(
  name: string,
  wanted: readonly InterfaceAddress[],
  links: readonly ObservedLink[],
  past: LoopbackPast,
): Change[] {
  const carrier = loopbackCarrier(name, wanted, links, past.carrier);
  return [
    ...(carrier
      ? diffCarrier(carrier, wanted, past)
      : wanted.length === 0
        ? []
        : [createLoopback(name, wanted)]),
    ...clearPrevious(carrier?.name ?? name, links, past),
  ];
}

/** The interface for the node's addresses; undefined where the agent must create it. */
export function loopbackCarrier(
  name: string,
  wanted: readonly InterfaceAddress[],
  links: readonly ObservedLink[],
  before: LoopbackCarrier | undefined,
): ObservedLink | undefined {
  const named = linkNamed(links, name);
  const lo = linkNamed(links, 'lo');
  if (named || !lo) return named;
  const isInstead = before === undefined || (before.wanted === name && before.actual === 'lo');
  return isInstead && carriesAny(lo, wanted) ? lo : undefined;
}

/** Removes the previous interface if the agent made it, else only the agent's addresses from it. */
function clearPrevious(name: string, links: readonly ObservedLink[], past: LoopbackPast): Change[] {
  const why = `the node's addresses are on ${name} now`;
  return links.flatMap((link): Change[] => {
    if (link.name === name) return [];
    const change = (part: Omit<LinkChange, 'interface'>): Change[] => [
      { kind: 'set-loopback', owner: node, link: { interface: link.name, ...part }, isPrevious: true, why },
    ];
    if (parseMark(link.alias)?.kind === 'node') return change({ remove: true });
    if (link.name !== past.carrier?.actual) return [];
    const remove = link.addresses.filter((address) => past.addresses.includes(formatAddress(address)));
    return remove.length > 0 ? change({ removeAddresses: remove }) : [];
  });
}

function diffCarrier(
  carrier: ObservedLink,
  wanted: readonly InterfaceAddress[],
  { addresses: previousAddresses, unmarked }: LoopbackPast,
): Change[] {
  const present = new Set(carrier.addresses.filter(isLasting).map(formatAddress));
  const keep = new Set(wanted.map(formatAddress));
  const add = wanted.filter((address) => !present.has(formatAddress(address)));
  const remove = carrier.addresses.filter((address) => {
    const text = formatAddress(address);
    return previousAddresses.includes(text) && !keep.has(text);
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
    ...(mark ? ['the agent made it, but ended before it could mark it'] : []),
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
  const why = `it needs ${addresses.map(formatAddress).join(', ')}; the agent uses lo if the kernel has no dummy device`;
  return { kind: 'set-loopback', owner: node, link, why };
}
