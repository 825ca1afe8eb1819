import { formatAddress } from '../../../core/model/artifacts.js';
import type { LinkChange } from '../../../core/model/change.js';
import type {
  ObservedAddress,
  ObservedWireGuard,
  ObservedWireGuardPeer,
} from '../../../core/model/observed.js';
import { Secret } from '../../../core/model/values/secret.js';
import type { FakeHost } from './fake-machine.js';

/** One line of a batch after another, in the order of the real one. */
export function applyByLine(host: FakeHost, change: LinkChange): string | undefined {
  const { interface: name, removeAddresses = [], addAddresses = [], lifetimeSeconds, ...rest } = change;
  const lifetime = lifetimeSeconds === undefined ? {} : { lifetimeSeconds };
  const { create, alias, mtu, up, remove } = rest;
  const lines: LinkChange[] = [
    ...(create ? [{ interface: name, create }] : []),
    ...(alias === undefined ? [] : [{ interface: name, alias }]),
    ...(mtu === undefined ? [] : [{ interface: name, mtu }]),
    ...(up ? [{ interface: name, up }] : []),
    ...removeAddresses.map((address) => ({ interface: name, removeAddresses: [address] })),
    ...addAddresses.map((address) => ({ interface: name, addAddresses: [address], ...lifetime })),
    ...(remove ? [{ interface: name, remove }] : []),
  ];
  const words = lines.map((line) => {
    host.beforeEffect(`link ${JSON.stringify(line)}`);
    return applyLink(host, line);
  });
  return words.find((word) => word !== undefined);
}

function applyLink(host: FakeHost, change: LinkChange): string | undefined {
  const { linkTable } = host;
  if (change.create) {
    if (!host.hasDummy) return 'Error: Unknown device type.';
    linkTable.set(change.interface, {
      name: change.interface,
      alias: undefined,
      kind: 'dummy',
      mtu: 1500,
      up: false,
      addresses: [],
    });
  }
  const link = linkTable.get(change.interface);
  if (change.remove) {
    linkTable.delete(change.interface);
    host.wireguardTable.delete(change.interface);
    return undefined;
  }
  if (!link) return 'Cannot find device';
  if (change.alias !== undefined) link.alias = change.alias;
  if (change.mtu !== undefined) link.mtu = change.mtu;
  if (change.up && !link.up) {
    const wireguard = host.wireguardTable.get(change.interface);
    if (wireguard?.listenPort === 0) wireguard.listenPort = randomPort(host);
    if (wireguard && isPortTaken(host, change.interface, wireguard.listenPort))
      return 'RTNETLINK answers: Address already in use';
    link.up = true;
  }
  if (change.addAddresses?.some(({ local }) => local.includes(':')) && isWithoutIpv6(host, change.interface))
    return 'Error: IPv6 is disabled on this device.';
  const expires = change.lifetimeSeconds === undefined ? {} : { expires: true };
  const added = (change.addAddresses ?? []).map((address): ObservedAddress => ({ ...address, ...expires }));
  const replaced = new Set([...(change.removeAddresses ?? []), ...added].map(formatAddress));
  link.addresses = [...link.addresses.filter((address) => !replaced.has(formatAddress(address))), ...added];
  return undefined;
}

/** Why it was not made; undefined where it was. */
export function makeInterface(
  host: FakeHost,
  name: string,
  count: (what: string) => void,
): string | undefined {
  try {
    count('wireguard.create');
  } catch (error) {
    return (error as Error).message;
  }
  host.beforeEffect(`create ${name}`);
  if (host.linkTable.has(name)) return `${name}: file exists`;
  const kind = host.hasKernelWireGuard ? 'wireguard' : 'tun';
  host.linkTable.set(name, { name, alias: undefined, kind, mtu: 1420, up: false, addresses: [] });
  const nothing = { privateKey: undefined, publicKey: undefined, listenPort: 0, peers: [] };
  host.wireguardTable.set(name, { interface: name, ...nothing });
  return undefined;
}

/** A port is bound while the link is up. */
export function isPortTaken(
  { wireguardTable, linkTable }: FakeHost,
  name: string,
  port: number | undefined,
): boolean {
  return [...wireguardTable.values()].some(
    (other) => other.interface !== name && other.listenPort === port && linkTable.get(other.interface)?.up,
  );
}

/** One that no test names. */
export function randomPort({ wireguardTable }: FakeHost): number {
  return Math.max(50_000, ...[...wireguardTable.values()].map(({ listenPort }) => listenPort)) + 1;
}

/** An interface that was made while IPv6 was off for new ones has none. */
export function isWithoutIpv6({ ipv6Off }: FakeHost, name: string): boolean {
  return ipv6Off.includes(name) || (ipv6Off.includes('default') && name !== 'lo');
}

/** What `wg syncconf` makes of a configuration: unchanged peers keep their handshake and counters. */
export function interpretConfig(config: string, present: ObservedWireGuard): Partial<ObservedWireGuard> {
  const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(config)?.[1];
  const publicKey = value('PublicKey') ?? '';
  const before = present.peers.find((peer) => peer.publicKey === publicKey);
  const psk = value('PresharedKey');
  const peer: ObservedWireGuardPeer = {
    publicKey,
    // A key of 32 zero bytes is none.
    presharedKey: psk === undefined || /^A+=$/.test(psk) ? undefined : new Secret(psk),
    endpoint: value('Endpoint') ?? before?.endpoint,
    allowedIps: (value('AllowedIPs') ?? '').split(',').map((text) => text.trim()),
    latestHandshakeSeconds: before?.latestHandshakeSeconds ?? 0,
    rxBytes: before?.rxBytes ?? 0,
    txBytes: before?.txBytes ?? 0,
    persistentKeepaliveSeconds: Number(value('PersistentKeepalive') ?? 0),
  };
  return { listenPort: Number(value('ListenPort')), peers: [peer] };
}
