import type { Host } from './ports/host.js';

/** How long each kind of work on the machine may take, in ms, before the pass goes on without it. */
export interface HostLimits {
  /** Reads: of a file, of the kernel. BIRD's greeting and two answers may take three times as long. */
  readonly readMs: number;
  /** Changes of links, tunnels and keys; programs have shorter limits. */
  readonly changeMs: number;
  /** A change of BIRD with the look afterwards, which takes up to a minute where sessions do not come back. */
  readonly commitMs: number;
  /** After a signal, the work may undo what it began for this long. */
  readonly takeBackMs: number;
}

const usual: HostLimits = { readMs: 20_000, changeMs: 60_000, commitMs: 180_000, takeBackMs: 8_000 };

/**
 * The same machine with a limit for each call: a call that hangs fails with an error that names it, and the pass goes on.
 * While the hung work still runs, the next call for the same fails at once: it would use one more of Node's few file
 * threads, and two changes of one thing must not run side by side.
 */
export function limitHost(host: Host, step: Step = untold, limits: HostLimits = usual): Host {
  const { links, wireguard, keys, bird, kernelRoutes, rules, portSets, uplink, udpPorts } = host;
  const { readMs, changeMs, commitMs } = limits;
  const limited = (name: string, limitMs: number) => gate(name, limitMs, limits.takeBackMs, step);
  const linksRead = limited('reading links and addresses (ip addr show)', readMs);
  const linksChange = limited('changing links and addresses (ip -batch)', changeMs);
  const wireguardRead = limited('reading WireGuard (wg show)', readMs);
  const wireguardChange = limited('changing a tunnel (wg syncconf)', changeMs);
  const keyFiles = limited("reading the node's key files", readMs);
  const keysMade = limited("writing the node's key files", changeMs);
  const birdRead = limited('asking BIRD', 3 * readMs);
  const birdFiles = limited("reading BIRD's files", readMs);
  const rulesRead = limited('reading the routing rules', readMs);
  const rulesChange = limited('changing the routing rules', readMs);
  const setsRead = limited('reading the set of ports (nft list set)', readMs);
  const setsChange = limited('changing the set of ports (nft)', readMs);
  const birdLocal = limited("reading the operator's files in local/", readMs);
  const birdOperator = limited("reading the operator's BIRD configuration", readMs);
  const birdBesides = limited('reading what BIRD includes', readMs);
  const birdChange = limited("changing BIRD's files", commitMs);
  const birdSwitch = limited('switching a BIRD protocol on or off, or restarting it', changeMs);
  const routes = limited("reading the kernel's routes", readMs);
  const way = limited('reading resolv.conf and the default routes', readMs);
  const ports = limited('reading which UDP ports are in use', readMs);
  return {
    ...host,
    links: {
      ...links,
      observe: (signal) => linksRead(() => links.observe(signal), signal),
      // Many are changed by several ip(8), each with a limit of its own.
      apply: (changes, signal) =>
        linksChange(() => links.apply(changes, signal), signal, Math.max(1, Math.ceil(changes.length / 20))),
    },
    wireguard: {
      ...wireguard,
      observe: (signal) => wireguardRead(() => wireguard.observe(signal), signal),
      // wireguard-go starts a few processes at a time.
      create: (names, signal) =>
        wireguardChange(() => wireguard.create(names, signal), signal, Math.ceil(names.length / 20)),
      freePort: (name, signal) => wireguardChange(() => wireguard.freePort(name, signal), signal),
      syncConfig: (name, config, signal) =>
        wireguardChange(() => wireguard.syncConfig(name, config, signal), signal),
      dropPeer: (name, publicKey, signal) =>
        wireguardChange(() => wireguard.dropPeer(name, publicKey, signal), signal),
    },
    keys: { read: () => keyFiles(() => keys.read()), create: () => keysMade(() => keys.create()) },
    bird: {
      ...bird,
      glance: (signal) => birdRead(() => bird.glance(signal), signal),
      observe: (signal) => birdRead(() => bird.observe(signal), signal),
      readFiles: () => birdFiles(() => bird.readFiles()),
      readLocalFiles: () => birdLocal(() => bird.readLocalFiles()),
      readOperatorConfig: () => birdOperator(() => bird.readOperatorConfig()),
      readBesides: () => birdBesides(() => bird.readBesides()),
      check: (write, remove, signal) => birdChange(() => bird.check(write, remove, signal), signal),
      commit: (write, remove, signal, load) =>
        birdChange(() => bird.commit(write, remove, signal, load), signal),
      recover: (signal) => birdChange(() => bird.recover(signal), signal),
      endRecovery: () => birdChange(() => bird.endRecovery()),
      enable: (protocol, signal) => birdSwitch(() => bird.enable(protocol, signal), signal),
      disable: (protocol, signal) => birdSwitch(() => bird.disable(protocol, signal), signal),
      readRoas: (protocols, signal) => birdRead(() => bird.readRoas(protocols, signal), signal),
      restartDaemon: (signal) => birdChange(() => bird.restartDaemon(signal), signal),
      restart: (protocol, signal) => birdSwitch(() => bird.restart(protocol, signal), signal),
      resend: (protocol, signal) => birdSwitch(() => bird.resend(protocol, signal), signal),
    },
    portSets: {
      observe: (set, signal) => setsRead(() => portSets.observe(set, signal), signal),
      change: (set, ports, signal) => setsChange(() => portSets.change(set, ports, signal), signal),
    },
    rules: {
      observe: (signal) => rulesRead(() => rules.observe(signal), signal),
      add: (some, signal) => rulesChange(() => rules.add(some, signal), signal),
      remove: (some, signal) => rulesChange(() => rules.remove(some, signal), signal),
    },
    kernelRoutes: { snapshot: () => routes(() => kernelRoutes.snapshot()) },
    uplink: { ...uplink, observe: () => way(() => uplink.observe()) },
    // Reading the files of a hung process can hang, too. Without the answer, a busy port shows when the tunnel is made.
    udpPorts: { holders: (wanted) => ports(() => udpPorts.holders(wanted)).catch(() => new Map()) },
  };
}

/** Called with the name of each call. */
type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const untold: Step = (_, work) => work();

/** `times`: multiplies the limit, for larger work. */
type Gate = <T>(work: () => Promise<T>, signal?: AbortSignal, times?: number) => Promise<T>;

function gate(name: string, limitMs: number, takeBackMs: number, step: Step): Gate {
  const stuck = new Set<Promise<unknown>>();
  const late = (ms: number) => new Error(`${name}: no result within ${ms / 1000} s`);
  return async (work, signal, times = 1) => {
    const longestMs = limitMs * times;
    if (stuck.size > 0) throw late(longestMs);
    return step(name, async () => {
      const result = work();
      const settled = result.then(
        () => undefined,
        () => undefined,
      );
      const end = await firstOf(settled, longestMs, takeBackMs, signal);
      if (end === 'settled') return result;
      stuck.add(settled);
      void settled.then(() => stuck.delete(settled));
      throw end === 'cut off' ? (signal?.reason ?? new Error(`${name} was cut off`)) : late(longestMs);
    });
  };
}

/** How the wait for `settled` ends: with it, at the limit, or a while after the signal. */
function firstOf(
  settled: Promise<void>,
  limitMs: number,
  takeBackMs: number,
  signal: AbortSignal | undefined,
): Promise<'settled' | 'late' | 'cut off'> {
  return new Promise((resolve) => {
    let afterSignal: NodeJS.Timeout | undefined;
    const cut = () => {
      afterSignal ??= setTimeout(() => resolve('cut off'), takeBackMs);
    };
    const timer = setTimeout(() => resolve('late'), limitMs);
    signal?.addEventListener('abort', cut, { once: true });
    if (signal?.aborted) cut();
    void settled.then(() => {
      clearTimeout(timer);
      clearTimeout(afterSignal);
      signal?.removeEventListener('abort', cut);
      resolve('settled');
    });
  });
}
