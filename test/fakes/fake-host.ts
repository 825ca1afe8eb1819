import { fileDisables, isDisabledByHand } from '../../src/core/desired/disabled/disabled.js';
import { formatAddress } from '../../src/core/model/artifacts.js';
import type { LinkChange } from '../../src/core/model/change.js';
import {
  type BirdProtocol,
  isLasting,
  type ObservedAddress,
  type ObservedLink,
  type ObservedSysctls,
  type ObservedWireGuard,
  type ObservedWireGuardPeer,
} from '../../src/core/model/observed.js';
import type { IpAddress } from '../../src/core/model/values/ip.js';
import { Secret } from '../../src/core/model/values/secret.js';
import type { BirdCommit } from '../../src/shell/ports/bird.js';
import type { Clock, Host, StateStore } from '../../src/shell/ports/host.js';
import { ownKey } from '../unit/make.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A machine that holds state: changes are interpreted, so that tests compare what is there and not what was called. */
export interface FakeHost extends Host {
  readonly linkTable: Map<string, Mutable<ObservedLink>>;
  readonly wireguardTable: Map<string, Mutable<ObservedWireGuard>>;
  readonly files: Map<string, string>;
  readonly protocols: Map<string, Mutable<BirdProtocol>>;
  readonly names: Map<string, readonly string[]>;
  /** The name servers that the machine asks. */
  readonly resolvers: IpAddress[];
  /** Interfaces without IPv6; `default`: those yet to be made. */
  readonly ipv6Off: string[];
  /** UDP port → the program that listens on it. */
  readonly udpListeners: Map<number, string>;
  /** The kernel's settings for forwarding. */
  sysctlTable: ObservedSysctls;
  /** How often each thing was asked of the machine. */
  readonly counts: Map<string, number>;
  birdRunning: boolean;
  birdReloads: number;
  hasDummy: boolean;
  /** True where its WireGuard interfaces are the kernel's. */
  hasKernelWireGuard: boolean;
  hasKey: boolean;
  /** Files whose text contains this are refused by BIRD. */
  birdRefuses: string | undefined;
  /** What BIRD reads besides the agent's files. */
  besides: string;
  /** Thrown by the next call of that name. */
  readonly breaks: Map<string, Error>;
  /** Seconds until BIRD undoes what an operator has on trial. */
  undoSeconds: number | undefined;
  /** The files as BIRD has read them last. */
  readonly loaded: Map<string, string>;
  /** True where a candidate lies beside BIRD's files. */
  staged: boolean;
  /** A change of files that is neither confirmed nor taken back: which, and how all were before. */
  begun: { readonly paths: readonly string[]; readonly before: ReadonlyMap<string, string> } | undefined;
  /** What BIRD goes back to by itself, as long as what it has loaded is not confirmed. */
  unconfirmed: ReadonlyMap<string, string> | undefined;
  /** Called before each thing that changes, such as one line of a batch or one file; what it throws ends the call. */
  beforeEffect: (what: string) => void;
  /** BIRD's undo timer runs out. */
  undo(): void;
  /** The addresses on trial reach the end of their time. */
  expire(): void;
  nowMs: number;
  /** By how much the clock was stepped; time itself goes on. */
  stepMs: number;
}

export function makeFakeHost(): FakeHost {
  const linkTable: FakeHost['linkTable'] = new Map([
    ['lo', { name: 'lo', alias: undefined, kind: undefined, mtu: 65536, up: true, addresses: [] }],
    ['eth0', { name: 'eth0', alias: undefined, kind: undefined, mtu: 1500, up: true, addresses: [] }],
  ]);
  const wireguardTable: FakeHost['wireguardTable'] = new Map();
  const files = new Map<string, string>();
  const protocols: FakeHost['protocols'] = new Map();
  const names = new Map<string, readonly string[]>();
  const udpListeners = new Map<number, string>();
  const counts = new Map<string, number>();
  const breaks = new Map<string, Error>();

  function count(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
    const error = breaks.get(what);
    if (error) throw error;
  }

  const host: FakeHost = {
    linkTable,
    wireguardTable,
    files,
    protocols,
    names,
    resolvers: [],
    ipv6Off: [],
    udpListeners,
    sysctlTable: {
      forwarding: { ipv4: true, ipv6: true },
      rpFilter: new Map([
        ['all', 0],
        ['default', 0],
      ]),
      ipv6Disabled: new Set(),
    },
    counts,
    breaks,
    loaded: new Map(),
    staged: false,
    begun: undefined,
    unconfirmed: undefined,
    beforeEffect: () => undefined,
    undo: () => {
      if (host.unconfirmed) loadProtocols(host, host.unconfirmed);
      host.unconfirmed = undefined;
    },
    expire: () => {
      for (const link of linkTable.values()) link.addresses = link.addresses.filter(isLasting);
    },
    birdRunning: true,
    birdReloads: 0,
    hasDummy: true,
    hasKernelWireGuard: false,
    hasKey: false,
    birdRefuses: undefined,
    besides: '',
    undoSeconds: undefined,
    nowMs: 1_800_000_000_000,
    stepMs: 0,
    clock: {
      now: () => host.nowMs + host.stepMs,
      monotonic: () => host.nowMs,
      sleep: async (ms) => {
        host.nowMs += ms;
      },
    } satisfies Clock,
    links: {
      observe: async () => {
        count('links.observe');
        return [...linkTable.values()].map((link) => ({ ...link, addresses: [...link.addresses] }));
      },
      glance: () => {
        const up = [...linkTable.values()].filter((link) => link.up);
        return new Map(up.map(({ name, addresses }) => [name, addresses.map(({ local }) => local)]));
      },
      apply: async (changes) => {
        count('links.apply');
        const failures = new Map<string, string>();
        for (const change of changes) {
          const words = applyByLine(host, change);
          if (words !== undefined) failures.set(change.interface, words);
        }
        return failures;
      },
    },
    wireguard: {
      observe: async () => {
        count('wireguard.observe');
        return [...wireguardTable.values()].map((wireguard) => ({
          ...wireguard,
          peers: [...wireguard.peers],
        }));
      },
      create: async (names) => {
        const made = names.map((name) => [name, makeInterface(host, name, count)] as const);
        const failures = new Map(
          made.flatMap(([name, words]) => (words === undefined ? [] : [[name, words]])),
        );
        const done = names.filter((name) => !failures.has(name));
        return { inKernel: new Set(host.hasKernelWireGuard ? done : []), failures };
      },
      freePort: async (name) => {
        host.beforeEffect(`free the port of ${name}`);
        const wireguard = wireguardTable.get(name);
        if (!wireguard) throw new Error(`wg: ${name}: no such device`);
        wireguard.listenPort = randomPort(host);
      },
      syncConfig: async (name, config) => {
        count('wireguard.syncConfig');
        host.beforeEffect(`sync ${name}`);
        const wireguard = wireguardTable.get(name);
        if (!wireguard) throw new Error(`wg: ${name}: no such device`);
        const next = interpretConfig(config, wireguard);
        if (linkTable.get(name)?.up && isPortTaken(host, name, next.listenPort))
          throw new Error('wg: Unable to modify interface: Address already in use');
        Object.assign(wireguard, next);
      },
      dropPeer: async (name, publicKey) => {
        const wireguard = wireguardTable.get(name);
        if (!wireguard) throw new Error(`wg: ${name}: no such device`);
        wireguard.peers = wireguard.peers.filter((peer) => peer.publicKey !== publicKey);
      },
    },
    keys: {
      read: async () => {
        const error = breaks.get('keys.read');
        if (error) throw error;
        return host.hasKey ? { privateKey: new Secret('private'), publicKey: ownKey } : undefined;
      },
      create: async () => {
        host.beforeEffect('create key');
        host.hasKey = true;
        return { privateKey: new Secret('private'), publicKey: ownKey };
      },
    },
    bird: {
      observe: async () => {
        count('bird.observe');
        return host.birdRunning
          ? {
              running: true,
              version: '2.0.12',
              routerId: /^router id (\S+);/m.exec(host.loaded.get('bird.conf') ?? '')?.[1],
              undoSeconds: host.undoSeconds,
              protocols: [...protocols.values()].map((protocol) => ({ ...protocol })),
            }
          : { running: false, reason: 'BIRD does not answer on /run/bird/bird.ctl' };
      },
      glance: async () =>
        host.birdRunning
          ? { running: true, protocols: [...protocols.values()] }
          : { running: false, reason: 'BIRD does not answer on /run/bird/bird.ctl' },
      readFiles: async () => new Map(files),
      readOperatorConfig: async () => undefined,
      readBesides: async () => host.besides,
      commit: async (write, remove, _signal, gate, returning = []): Promise<BirdCommit> => {
        count('bird.commit');
        const bad = write.find((file) => host.birdRefuses && file.content.includes(host.birdRefuses));
        if (bad) return { kind: 'rejected', message: 'syntax error', file: bad.path };
        if (host.begun) throw new Error('an earlier change was not taken back');
        host.begun = { paths: [...write.map(({ path }) => path), ...remove], before: new Map(files) };
        const loadedBefore = new Map(host.loaded);
        const perform = () => {
          for (const file of write) {
            host.beforeEffect(`write ${file.path}`);
            files.set(file.path, file.content);
          }
          for (const path of remove) {
            host.beforeEffect(`remove ${path}`);
            files.delete(path);
          }
        };
        if (!host.birdRunning) {
          perform();
          host.beforeEffect('close the journal');
          host.begun = undefined;
          return { kind: 'written-not-loaded', reason: 'BIRD does not answer' };
        }
        host.beforeEffect('load');
        host.birdReloads += 1;
        const off = disabledNames(host).filter((name) => !returning.includes(name));
        loadProtocols(host, candidateOf(files, write, remove));
        for (const name of off) switchOff(host, name);
        host.unconfirmed = loadedBefore;
        // BIRD returns to what it ran, which need not be what lies in its files.
        const undo = () => {
          host.beforeEffect('undo');
          takeBack(host, loadedBefore);
          host.begun = undefined;
        };
        const fault = await gate?.().catch((error: unknown) => {
          undo();
          throw error;
        });
        if (fault === undefined) {
          perform();
          host.beforeEffect('confirm');
          host.unconfirmed = undefined;
          host.beforeEffect('close the journal');
          host.begun = undefined;
          return { kind: 'loaded' };
        }
        undo();
        return { kind: 'rejected', message: fault, file: undefined, undone: true };
      },
      check: async (write) => {
        const bad = write.find((file) => host.birdRefuses && file.content.includes(host.birdRefuses));
        return bad && { kind: 'rejected', message: 'syntax error', file: bad.path };
      },
      recover: async () => {
        host.staged = false;
        const { begun } = host;
        if (!begun) return [];
        host.beforeEffect('put back');
        takeBack(host);
        return begun.paths;
      },
      endRecovery: async () => {
        host.beforeEffect('end the recovery');
        host.begun = undefined;
      },
      enable: async (name) => {
        const protocol = protocols.get(name);
        if (!protocol) throw new Error(`no protocol ${name}`);
        host.beforeEffect(`enable ${name}`);
        Object.assign(protocol, { ...makeProtocol(name, protocol.proto), channels: protocol.channels });
      },
      disable: async (name) => {
        host.beforeEffect(`disable ${name}`);
        switchOff(host, name);
      },
      restart: async (name) => {
        const protocol = protocols.get(name);
        if (!protocol?.bgp) throw new Error(`restart ${name}: BIRD says 8003 No protocols match`);
        protocol.state = 'start';
        protocol.bgp = { ...protocol.bgp, state: 'Connect', lastError: undefined };
        protocol.since = 'restarted';
      },
      tables: {
        routes: async () => [],
        count: async (questions) => ({ total: 0, counts: questions.map(() => 0) }),
      },
    },
    kernelRoutes: { snapshot: async () => JSON.stringify([...host.loaded]) },
    resolver: {
      resolve: async (wanted) =>
        new Map(wanted.flatMap((name) => (names.has(name) ? [[name, names.get(name) ?? []]] : []))),
      unresolved: (wanted) => wanted.filter((name) => !names.has(name)),
    },
    uplink: {
      controlPlaneHost: 'control.example.net',
      observe: async () => ({ resolvers: [...host.resolvers] }),
    },
    udpPorts: {
      holders: async (ports) => new Map([...udpListeners].filter(([port]) => ports.includes(port))),
    },
    sysctls: {
      observe: async (names) => {
        const off = ['default', ...names].filter((name) => isWithoutIpv6(host, name));
        const { sysctlTable } = host;
        return {
          ...sysctlTable,
          ipv6Disabled: new Set([...sysctlTable.ipv6Disabled, ...off]),
          ipv6Mtu: new Map([...linkTable.values()].map(({ name, mtu }) => [name, mtu])),
        };
      },
    },
  };
  return host;
}

/** The files go back to what they were before the change that was begun, and BIRD to `loaded`, or else to these files. */
function takeBack(host: FakeHost, loaded?: ReadonlyMap<string, string>): void {
  const before = host.begun?.before ?? host.files;
  host.unconfirmed = undefined;
  if (host.birdRunning) loadProtocols(host, loaded ?? before);
  replaceAll(host.files, before);
}

/** The files as they would be after a change. */
function candidateOf(
  files: ReadonlyMap<string, string>,
  write: Parameters<Host['bird']['commit']>[0],
  remove: readonly string[],
): ReadonlyMap<string, string> {
  const candidate = new Map([...files, ...write.map(({ path, content }) => [path, content] as const)]);
  for (const path of remove) candidate.delete(path);
  return candidate;
}

function replaceAll(files: Map<string, string>, by: ReadonlyMap<string, string>): void {
  const texts = [...by];
  files.clear();
  for (const [path, text] of texts) files.set(path, text);
}

/** One line of a batch after another, in the order of the real one. */
function applyByLine(host: FakeHost, change: LinkChange): string | undefined {
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
function makeInterface(host: FakeHost, name: string, count: (what: string) => void): string | undefined {
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
function isPortTaken(
  { wireguardTable, linkTable }: FakeHost,
  name: string,
  port: number | undefined,
): boolean {
  return [...wireguardTable.values()].some(
    (other) => other.interface !== name && other.listenPort === port && linkTable.get(other.interface)?.up,
  );
}

/** One that no test names. */
function randomPort({ wireguardTable }: FakeHost): number {
  return Math.max(50_000, ...[...wireguardTable.values()].map(({ listenPort }) => listenPort)) + 1;
}

/** An interface that was made while IPv6 was off for new ones has none. */
function isWithoutIpv6({ ipv6Off }: FakeHost, name: string): boolean {
  return ipv6Off.includes(name) || (ipv6Off.includes('default') && name !== 'lo');
}

/** What `wg syncconf` makes of a configuration: unchanged peers keep their handshake and counters. */
function interpretConfig(config: string, present: ObservedWireGuard): Partial<ObservedWireGuard> {
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
  return { publicKey: ownKey, listenPort: Number(value('ListenPort')), peers: [peer] };
}

/** What BIRD runs after reading these files: the protocols that stand in them, all up. */
function loadProtocols(host: FakeHost, files: ReadonlyMap<string, string>): void {
  const { protocols, loaded } = host;
  const texts = [...files];
  loaded.clear();
  for (const [path, text] of texts) loaded.set(path, text);
  const wanted = new Map(
    texts.flatMap(([, text]) =>
      [...text.matchAll(/^protocol (\w+) (\w*)[^{]*\{(.*?)^\}/gms)].map(
        ([, type = '', given, block = '']) => {
          const name = given || `${type}1`;
          return [name, { text, protocol: makeProtocol(name, type, familiesIn(block)) }] as const;
        },
      ),
    ),
  );
  for (const name of protocols.keys()) if (!wanted.has(name)) protocols.delete(name);
  for (const [name, { text, protocol }] of wanted) {
    const isOff = fileDisables(text, name);
    const present = protocols.get(name);
    // A protocol that was switched off is switched on by any load.
    if (!present || (present.disabled && !isOff)) protocols.set(name, protocol);
    if (isOff) switchOff(host, name);
  }
}

function disabledNames({ protocols }: FakeHost): string[] {
  return [...protocols.values()].filter(isDisabledByHand).map(({ name }) => name);
}

/** As `birdc disable` leaves a protocol. */
export function switchOff({ protocols }: Pick<FakeHost, 'protocols'>, name: string): void {
  const present = protocols.get(name);
  if (!present || present.disabled) return;
  const bgp = { state: 'Down', neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
  protocols.set(name, { ...present, state: 'down', info: '', disabled: true, bgp });
}

function familiesIn(block: string): string[] {
  return [...block.matchAll(/^ +(ipv[46])\b/gm)].map(([, family = '']) => family);
}

/** A protocol that is up. */
export function makeProtocol(
  name: string,
  type: string,
  families: readonly string[] = [],
): Mutable<BirdProtocol> {
  const proto =
    { bgp: 'BGP', rpki: 'RPKI' }[type.toLowerCase()] ?? type.replace(/^./, (first) => first.toUpperCase());
  const bgp = {
    state: 'Established',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: undefined,
  };
  const isTalking = proto === 'BGP' || proto === 'RPKI';
  return {
    name,
    proto,
    state: 'up',
    since: '2026-11-23 19:10:39.244',
    info: isTalking ? 'Established' : '',
    disabled: false,
    bgp: proto === 'BGP' ? bgp : undefined,
    channels: families.map((family) => ({ name: family, state: 'UP', routes: undefined })),
  };
}

/** Documents in memory, as JSON, so that what cannot be written down does not survive. */
export function makeFakeState(): StateStore & { readonly documents: Map<string, string> } {
  const documents = new Map<string, string>();
  return {
    documents,
    read: async (name) => {
      const text = documents.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: async (name, document) => {
      documents.set(name, JSON.stringify(document));
    },
    problem: undefined,
  };
}
