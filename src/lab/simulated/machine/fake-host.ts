import { isLasting } from '../../../core/model/observed.js';
import { sameRule } from '../../../core/model/routing-rule.js';
import { Secret } from '../../../core/model/values/secret.js';
import type { BirdCommit } from '../../../shell/ports/bird.js';
import type { Clock } from '../../../shell/ports/host.js';
import {
  blockOf,
  candidateOf,
  disabledNames,
  loadProtocols,
  makeProtocol,
  switchOff,
  takeBack,
} from './fake-bird.js';
import {
  applyByLine,
  interpretConfig,
  isPortTaken,
  isWithoutIpv6,
  makeInterface,
  randomPort,
} from './fake-links.js';
import type { FakeHost } from './fake-machine.js';

/** Of the key pair that a machine has as long as nobody says otherwise. */
export const ownKey = 'bfGC/NUaAwBbhDfuLq6sOnDJouXLEufJnNN08lTmdHk=';

/** A machine that has just been installed: two interfaces, and a BIRD that runs without a file. */
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
    ruleTable: [],
    portTable: undefined,
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
    begins: () => undefined,
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
    publicKey: ownKey,
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
        const next = { ...interpretConfig(config, wireguard), publicKey: host.publicKey };
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
        return host.hasKey ? { privateKey: new Secret('private'), publicKey: host.publicKey } : undefined;
      },
      create: async () => {
        host.beforeEffect('create key');
        host.hasKey = true;
        return { privateKey: new Secret('private'), publicKey: host.publicKey };
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
      restartDaemon: async () => {
        count('bird.restartDaemon');
        const error = breaks.get('bird.restartDaemon');
        if (error) throw error;
        loadProtocols(host, files);
        return { kind: 'restarted' };
      },
      readFiles: async () => new Map(files),
      readLocalFiles: async () => new Map(),
      readOperatorConfig: async () => undefined,
      readBesides: async () => host.besides,
      commit: async (write, remove, _signal, { gate, returning = [] } = {}): Promise<BirdCommit> => {
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
        // Nobody has to store that nothing was put back.
        if (begun.paths.length === 0) host.begun = undefined;
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
        host.begins(protocol, blockOf(host.loaded, name));
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
      readRoas: async () => ({ ipv4: [], ipv6: [] }),
      resend: async (name) => count(`bird.resend ${name}`),
      tables: {
        routes: async () => [],
        count: async (questions) => ({ total: 0, counts: questions.map(() => 0) }),
        protocol: async () => [],
        refused: async () => [],
        countRefused: async () => new Map(),
        explain: async () => ({ accepted: [], refused: [], exports: new Map(), roas: undefined }),
      },
    },
    kernelRoutes: { snapshot: async () => JSON.stringify([...host.loaded]) },
    portSets: {
      observe: async (set) => {
        count('portSets.observe');
        return host.portTable
          ? { set, elements: [...host.portTable] }
          : { set, problem: `no set ${set}`, isMissing: true };
      },
      change: async (_set, { add, remove }) => {
        count('portSets.change');
        const stay = (host.portTable ?? []).filter(({ port }) => !remove.includes(port));
        host.portTable = [...stay, ...add.map((port) => ({ port, isOurs: true }))];
      },
    },
    rules: {
      observe: async () => [...host.ruleTable],
      add: async (rules) => {
        host.ruleTable.push(...rules);
      },
      remove: async (rules) => {
        host.ruleTable = host.ruleTable.filter((rule) => !rules.some((gone) => sameRule(rule, gone)));
      },
    },
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
