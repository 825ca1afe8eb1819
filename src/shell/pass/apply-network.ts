import pLimit from 'p-limit';
import { formatAddress, tunnelOf } from '../../core/model/artifacts.js';
import type { Change, LinkChange } from '../../core/model/change.js';
import { formatEndpoint } from '../../core/model/values/endpoint.js';
import { wordsOf } from '../../core/model/words-of.js';
import { type StepOf, stepsOf } from '../../core/plan/order.js';
import { changesOf } from '../../core/plan/plan.js';
import { renderWireGuard } from '../../core/render/wireguard.js';
import type { KeyPair } from '../ports/host.js';
import type { ApplyContext } from './context.js';
import { type MemoryStore, union } from './memory.js';

export interface NetworkContext extends ApplyContext {
  readonly keyPair: KeyPair | undefined;
  /** The lifetime of addresses on trial, after which the kernel removes them; absent: for ever. */
  readonly lifetimeSeconds: number | undefined;
}

interface StepContext extends NetworkContext {
  /** The WireGuard interfaces in the kernel: those from before the pass, and those that it makes. */
  readonly inKernel: Set<string>;
}

/** Makes those of `changes` that belong to its step. */
type Step = (changes: readonly Change[], context: StepContext) => Promise<void>;

type NetworkGroup = 'network' | 'departures';

const makers: Readonly<Record<StepOf<NetworkGroup>, Step>> = {
  'set-loopback': setLoopback,
  'remove-tunnel': removeTunnels,
  'free-port': freePorts,
  'create-tunnel': createTunnels,
  'sync-kernel-wireguard': (changes, context) =>
    syncWireGuard(changes, (name) => context.inKernel.has(name), context),
  'set-link': setLinks,
  'sync-wireguard': (changes, context) =>
    syncWireGuard(changes, (name) => !context.inKernel.has(name), context),
};

/** Makes one group's changes of links, addresses and tunnels, step by step. */
export async function makeNetworkChanges(
  group: NetworkGroup,
  changes: readonly Change[],
  context: NetworkContext,
): Promise<void> {
  const { links } = context.observed;
  const inKernel = new Set<string>(links.flatMap(({ kind, name }) => (kind === 'wireguard' ? [name] : [])));
  for (const step of stepsOf(group)) {
    try {
      await makers[step](changes, { ...context, inKernel });
    } catch (error) {
      // What the steps before have done stays, and the others go on: it shows when the system is read back.
      context.signal.throwIfAborted();
      for (const { owner, kind } of changes) if (kind === kindOf(step)) context.failures.add(owner, error);
    }
  }
}

function kindOf(step: StepOf<NetworkGroup>): Change['kind'] {
  return step === 'sync-kernel-wireguard' ? 'sync-wireguard' : step;
}

async function freePorts(
  changes: readonly Change[],
  { host, signal, failures }: ApplyContext,
): Promise<void> {
  for (const { owner, interface: name, port } of changesOf(changes, 'free-port')) {
    try {
      await host.wireguard.freePort(name, signal);
    } catch (error) {
      failures.add(owner, `could not free port ${port} of ${name}: ${wordsOf(error)}`);
    }
  }
}

/** Deletes the interfaces with everything on them, also dead ones that a later step makes again. */
async function removeTunnels(
  changes: readonly Change[],
  { host, memory, signal, failures }: ApplyContext,
): Promise<void> {
  const replaced = changesOf(changes, 'create-tunnel').filter(({ replace }) => replace);
  const tunnels = [...changesOf(changes, 'remove-tunnel'), ...replaced];
  if (tunnels.length === 0) return;
  const failed = await host.links.apply(
    tunnels.map((tunnel) => ({ interface: tunnel.interface, remove: true })),
    signal,
  );
  for (const { interface: name, owner } of tunnels) {
    const words = failed.get(name);
    if (words !== undefined) failures.add(owner, `could not remove tunnel ${name}: ${words}`);
  }
  // One that is left without a mark is the agent's by this list alone.
  const gone = new Set(tunnels.flatMap((each) => (failed.has(each.interface) ? [] : [each.interface])));
  const endpoints = Object.entries(memory.current.endpoints).filter(([name]) => !gone.has(name));
  await memory.update({
    endpoints: Object.fromEntries(endpoints),
    creating: memory.current.creating.filter((name) => !gone.has(name)),
  });
}

// The words of iproute2 and the kernel where the kernel lacks the kind of device.
const unknownDevice = /unknown device type|not supported/i;

/** Sets the loopback addresses, and removes them from the previous interface, unless the node could not set them elsewhere. */
async function setLoopback(changes: readonly Change[], context: NetworkContext): Promise<void> {
  for (const { owner, link, isPrevious } of changesOf(changes, 'set-loopback')) {
    if (isPrevious && (context.failures.has(owner) || isInstead(link, context))) continue;
    const failed = await setLoopbackLink(withLifetime(link, context.lifetimeSeconds), context);
    if (failed !== undefined) context.failures.add(owner, `could not set the loopback addresses: ${failed}`);
  }
}

/** True for `lo` where the interface for the addresses could not be made and `lo` had them before. */
function isInstead(link: LinkChange, { memory, desired }: NetworkContext): boolean {
  const carrier = memory.current.loopbackCarrier;
  return carrier?.actual === link.interface && carrier.wanted === desired.loopback.interface;
}

/** Returns what failed. */
async function setLoopbackLink(
  link: LinkChange,
  { host, memory, signal, desired, lifetimeSeconds }: NetworkContext,
): Promise<string | undefined> {
  await rememberLoopback(link, memory);
  const failed = (await host.links.apply([link], signal)).get(link.interface);
  const isUnknown = failed !== undefined && unknownDevice.test(failed);
  // What failed half way is there without a mark.
  if (failed === undefined || isUnknown)
    await memory.update({ creating: memory.current.creating.filter((name) => name !== link.interface) });
  if (!isUnknown || !link.create) return failed;
  const instead = withLifetime({ interface: 'lo', addAddresses: link.addAddresses ?? [] }, lifetimeSeconds);
  const failedAgain = (await host.links.apply([instead], signal)).get('lo');
  if (failedAgain === undefined)
    await memory.update({ loopbackCarrier: { wanted: desired.loopback.interface, actual: 'lo' } });
  return failedAgain;
}

/** Stored before the change: the agent must be able to remove what it has put on a shared interface. */
async function rememberLoopback(link: LinkChange, memory: MemoryStore): Promise<void> {
  const added = (link.addAddresses ?? []).map(formatAddress);
  const making = link.create ? [link.interface] : [];
  await memory.update({
    loopback: union(memory.current.loopback, added),
    creating: union(memory.current.creating, making),
  });
}

async function createTunnels(
  changes: readonly Change[],
  { host, memory, signal, inKernel, failures }: StepContext,
): Promise<void> {
  const creations = changesOf(changes, 'create-tunnel');
  const names = creations.map((change) => change.interface);
  if (creations.length === 0) return;
  await memory.update({ creating: union(memory.current.creating, names) });
  const made = await host.wireguard.create(names, signal);
  for (const { interface: name, owner } of creations) {
    const words = made.failures.get(name);
    if (words !== undefined) failures.add(owner, words);
  }
  for (const name of made.inKernel) inKernel.add(name);
}

async function setLinks(
  changes: readonly Change[],
  { host, memory, signal, lifetimeSeconds, failures }: NetworkContext,
): Promise<void> {
  const due = changesOf(changes, 'set-link').filter((change) => !failures.has(change.owner));
  if (due.length > 0) {
    const links = due.map(({ link }) => withLifetime(link, lifetimeSeconds));
    const failed = await host.links.apply(links, signal);
    for (const { link, owner } of due) {
      const words = failed.get(link.interface);
      if (words !== undefined) failures.add(owner, `could not set link ${link.interface}: ${words}`);
    }
  }
  const marked = new Set(due.filter(({ owner }) => !failures.has(owner)).map(({ link }) => link.interface));
  await memory.update({ creating: memory.current.creating.filter((name) => !marked.has(name)) });
}

function withLifetime(link: LinkChange, lifetimeSeconds: number | undefined): LinkChange {
  return link.addAddresses && lifetimeSeconds !== undefined ? { ...link, lifetimeSeconds } : link;
}

/** Most of one is a wait for another process. */
const syncsAtATime = 8;

async function syncWireGuard(
  changes: readonly Change[],
  isDue: (name: string) => boolean,
  { host, memory, templates, signal, keyPair, desired, failures }: NetworkContext,
): Promise<void> {
  const endpoints: Record<string, string> = { ...memory.current.endpoints };
  await pLimit(syncsAtATime).map(
    changesOf(changes, 'sync-wireguard'),
    async ({ owner, tunnel, endpoint }) => {
      if (!isDue(tunnel.interface) || failures.has(owner) || signal.aborted) return;
      try {
        if (!keyPair) throw new Error(desired.keyProblem ?? 'there is no WireGuard key pair');
        const config = renderWireGuard(tunnel, keyPair.privateKey, endpoint, templates);
        await host.wireguard.syncConfig(tunnel.interface, config, signal);
        const wanted = tunnel.peer.endpoint;
        if (wanted) endpoints[tunnel.interface] = formatEndpoint(wanted.host, wanted.port);
        else delete endpoints[tunnel.interface];
      } catch (error) {
        failures.add(owner, error);
      }
    },
  );
  await memory.update({ endpoints });
}

// strerror(EADDRINUSE), as wg(8) and ip(8) end their messages.
const addressInUse = /address already in use/i;

/** Adds the port, and the program that uses it, to each failure that only says that the address is in use. */
export async function namePortHolders({ host, desired, observed, failures }: ApplyContext): Promise<void> {
  for (const [owner, words] of failures.byOwner) {
    const tunnel = tunnelOf(desired.tunnels, owner);
    if (!tunnel || !addressInUse.test(words)) continue;
    const { listenPort: port, interface: name } = tunnel;
    const other = observed.wireguard.find((each) => each.listenPort === port && each.interface !== name);
    const holder = other
      ? `interface ${other.interface}`
      : ((await host.udpPorts.holders([port])).get(port) ?? 'a program that the agent cannot see');
    failures.byOwner.set(owner, `port ${port} of ${name} is in use by ${holder} (${words})`);
  }
}
