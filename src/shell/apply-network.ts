import type { Change, LinkChange } from '../core/change.js';
import { formatAddress } from '../core/diff/tunnel.js';
import { formatEndpoint } from '../core/model/endpoint.js';
import type { Owner } from '../core/model/owner.js';
import { changesOf } from '../core/plan.js';
import { renderWireGuard } from '../core/render/wireguard.js';
import type { ApplyContext } from './apply-context.js';
import type { FailureLog } from './failure-log.js';
import type { MemoryStore } from './memory.js';
import type { KeyPair } from './ports.js';

export interface NetworkContext extends ApplyContext {
  readonly keyPair: KeyPair | undefined;
  /** For addresses on trial: the kernel removes them by itself after so long. Absent: they stay. */
  readonly lifetimeSeconds: number | undefined;
}

/** Makes changes of links, addresses and tunnels, each kind in the order that the others need; what goes last is not among them. */
export async function makeNetworkChanges(
  changes: readonly Change[],
  context: NetworkContext,
  failures: FailureLog,
): Promise<void> {
  await setLoopback(changes, context, failures);
  const replaced = changesOf(changes, 'create-tunnel').filter(({ replace }) => replace);
  await removeTunnels([...changesOf(changes, 'remove-tunnel'), ...replaced], context, failures);
  await createTunnels(changes, context, failures);
  await setLinks(changes, context, failures);
  await syncWireGuard(changes, context, failures);
}

/** Deletes the interfaces, with everything on them. */
export async function removeTunnels(
  tunnels: readonly { readonly interface: string; readonly owner: Owner }[],
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  if (tunnels.length === 0) return;
  const failed = await host.links.apply(
    tunnels.map((tunnel) => ({ interface: tunnel.interface, remove: true })),
    signal,
  );
  for (const { interface: name, owner } of tunnels) {
    const words = failed.get(name);
    if (words !== undefined) failures.add(owner, `remove tunnel ${name}: ${words}`);
  }
  const gone = new Set(tunnels.map((tunnel) => tunnel.interface));
  const endpoints = Object.entries(memory.current.endpoints).filter(([name]) => !gone.has(name));
  await memory.update({
    endpoints: Object.fromEntries(endpoints),
    creating: memory.current.creating.filter((name) => !gone.has(name)),
  });
}

// What iproute2 and the kernel say where there is no such kind of device.
const unknownDevice = /unknown device type|not supported/i;

async function setLoopback(
  changes: readonly Change[],
  { host, memory, signal, lifetimeSeconds }: NetworkContext,
  failures: FailureLog,
): Promise<void> {
  const [change] = changesOf(changes, 'set-loopback');
  if (!change) return;
  const link = withLifetime(change.link, lifetimeSeconds);
  await rememberLoopback(link, memory);
  const failed = (await host.links.apply([link], signal)).get(link.interface);
  await memory.update({ creating: memory.current.creating.filter((name) => name !== link.interface) });
  if (failed === undefined) return;
  const fallback =
    link.create && unknownDevice.test(failed)
      ? withLifetime({ interface: 'lo', addAddresses: link.addAddresses ?? [] }, lifetimeSeconds)
      : undefined;
  const failedAgain = fallback ? (await host.links.apply([fallback], signal)).get('lo') : failed;
  if (failedAgain !== undefined) failures.add(change.owner, `set the loopback addresses: ${failedAgain}`);
}

/** Written down before it is done: what the agent has put on a shared interface, it must be able to take away. */
async function rememberLoopback(link: LinkChange, memory: MemoryStore): Promise<void> {
  const added = (link.addAddresses ?? []).map(formatAddress);
  const making = link.create ? [link.interface] : [];
  await memory.update({
    loopback: [...new Set([...memory.current.loopback, ...added])].sort(),
    creating: [...new Set([...memory.current.creating, ...making])].sort(),
  });
}

async function createTunnels(
  changes: readonly Change[],
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const creations = changesOf(changes, 'create-tunnel');
  if (creations.length === 0) return;
  const names = creations.map((change) => change.interface);
  await memory.update({ creating: [...new Set([...memory.current.creating, ...names])].sort() });
  for (const change of creations) {
    try {
      await host.wireguard.create(change.interface, signal);
    } catch (error) {
      failures.add(change.owner, error);
    }
  }
}

async function setLinks(
  changes: readonly Change[],
  { host, memory, signal, lifetimeSeconds }: NetworkContext,
  failures: FailureLog,
): Promise<void> {
  const due = changesOf(changes, 'set-link').filter((change) => !failures.has(change.owner));
  if (due.length > 0) {
    const links = due.map(({ link }) => withLifetime(link, lifetimeSeconds));
    const failed = await host.links.apply(links, signal);
    for (const { link, owner } of due) {
      const words = failed.get(link.interface);
      if (words !== undefined) failures.add(owner, `set link ${link.interface}: ${words}`);
    }
  }
  const marked = new Set(due.filter(({ owner }) => !failures.has(owner)).map(({ link }) => link.interface));
  await memory.update({ creating: memory.current.creating.filter((name) => !marked.has(name)) });
}

function withLifetime(link: LinkChange, lifetimeSeconds: number | undefined): LinkChange {
  return link.addAddresses && lifetimeSeconds !== undefined ? { ...link, lifetimeSeconds } : link;
}

async function syncWireGuard(
  changes: readonly Change[],
  { host, memory, templates, signal, keyPair, desired }: NetworkContext,
  failures: FailureLog,
): Promise<void> {
  const endpoints: Record<string, string> = { ...memory.current.endpoints };
  for (const { owner, tunnel, endpoint } of changesOf(changes, 'sync-wireguard')) {
    if (failures.has(owner)) continue;
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
  }
  await memory.update({ endpoints });
}
