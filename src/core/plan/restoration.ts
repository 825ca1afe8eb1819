import { formatAddress } from '../model/artifacts.js';
import type { Change, LinkChange } from '../model/change.js';
import {
  isLasting,
  linkNamed,
  type ObservedAddress,
  type ObservedLink,
  type ObservedWireGuard,
} from '../model/observed.js';
import { missingFrom } from './diff-tunnel.js';
import { portsInTheWay } from './ports-in-the-way.js';

/** The part of the system that network changes touch. */
export interface Network {
  readonly links: readonly ObservedLink[];
  readonly wireguard: readonly ObservedWireGuard[];
}

/** What undoes changes of the network. */
export interface Restoration {
  /** WireGuard interfaces to create again. */
  readonly create: readonly string[];
  readonly links: readonly LinkChange[];
  /** Devices that must first release a port that another one of `devices` needs. */
  readonly freePorts: readonly string[];
  /** Devices whose configuration was changed, as they were. */
  readonly devices: readonly ObservedWireGuard[];
}

/** What undoes `changes`, where the network was `before` and is `now`. It touches nothing else. */
export function restorationOf(changes: readonly Change[], before: Network, now: Network): Restoration {
  const names = touchedNames(changes);
  const made = new Set(changes.flatMap((change) => madeName(change) ?? []));
  const create: string[] = [];
  const links = names.flatMap((name): LinkChange[] => {
    const was = linkNamed(before.links, name);
    const is = linkNamed(now.links, name);
    if (!was) return is && made.has(name) ? [{ interface: name, remove: true }] : [];
    const isTunnel = before.wireguard.some((device) => device.interface === name);
    if (!is && !isTunnel && was.kind !== 'dummy') return [];
    if (!is && isTunnel) create.push(name);
    return linkBack(was, is);
  });
  const synced = new Set<string>(changes.flatMap((change) => configuredName(change) ?? []));
  const devices = before.wireguard.filter(
    ({ interface: name, unread }) => !unread && (synced.has(name) || create.includes(name)),
  );
  const ports = new Map(devices.map(({ interface: name, listenPort }) => [name, listenPort]));
  const freePorts = portsInTheWay(ports, now.wireguard).map(({ holder }) => holder);
  return { create, links, freePorts, devices };
}

/** Changes that make the addresses permanent that `changes` put on links, where all of them succeeded. */
export function trialOf(changes: readonly Change[]): LinkChange[] {
  return changes.flatMap((change): LinkChange[] => {
    if (!('link' in change) || !change.link.addAddresses?.length) return [];
    return [{ interface: change.link.interface, addAddresses: change.link.addAddresses }];
  });
}

/** Changes that make the addresses of `changes` permanent that are on trial. */
export function confirmationOf(changes: readonly Change[], links: readonly ObservedLink[]): LinkChange[] {
  const wanted = new Set(changes.flatMap(addedAddresses));
  const byName = new Map(links.map((link) => [link.name, link]));
  return touchedNames(changes).flatMap((name): LinkChange[] => {
    const addresses = byName.get(name)?.addresses ?? [];
    const onTrial = addresses.filter((address) => !isLasting(address) && wanted.has(formatAddress(address)));
    return onTrial.length > 0 ? [{ interface: name, addAddresses: onTrial.map(plain) }] : [];
  });
}

/** `lo` has the loopback addresses where the kernel has no dummy device. */
function touchedNames(changes: readonly Change[]): string[] {
  const names = changes.flatMap((change): string[] => {
    if (change.kind === 'set-loopback') return [change.link.interface, 'lo'];
    if (change.kind === 'set-link') return [change.link.interface];
    if (change.kind === 'create-tunnel' || change.kind === 'remove-tunnel') return [change.interface];
    const name = configuredName(change);
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}

/** The interface whose WireGuard a change configures. */
function configuredName(change: Change): string | undefined {
  if (change.kind === 'free-port') return change.interface;
  return change.kind === 'sync-wireguard' ? change.tunnel.interface : undefined;
}

function madeName(change: Change): string | undefined {
  if (change.kind === 'create-tunnel') return change.interface;
  return change.kind === 'set-loopback' && change.link.create ? change.link.interface : undefined;
}

function addedAddresses(change: Change): string[] {
  if (change.kind !== 'set-link' && change.kind !== 'set-loopback') return [];
  return (change.link.addAddresses ?? []).map(formatAddress);
}

function linkBack(was: ObservedLink, is: ObservedLink | undefined): LinkChange[] {
  const present = is?.addresses ?? [];
  const remove = missingFrom(present, was.addresses).map(plain);
  const add = missingFrom(was.addresses.filter(isLasting), present).map(plain);
  const change: LinkChange = {
    interface: was.name,
    ...(is ? {} : was.kind === 'dummy' ? { create: 'dummy' } : { noAutomaticLinkLocal: true }),
    ...(was.alias !== undefined && was.alias !== is?.alias ? { alias: was.alias } : {}),
    ...(was.mtu === is?.mtu ? {} : { mtu: was.mtu }),
    ...(was.up && !is?.up ? { up: true } : {}),
    ...(remove.length > 0 ? { removeAddresses: remove } : {}),
    ...(add.length > 0 ? { addAddresses: add } : {}),
  };
  return Object.keys(change).length > 1 ? [change] : [];
}

function plain({ local, prefixLength, peer }: ObservedAddress): ObservedAddress {
  return { local, prefixLength, peer };
}
