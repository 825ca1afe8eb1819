import type { LinkChange } from '../core/change.js';
import { formatAddress } from '../core/diff/tunnel.js';
import { formatEndpoint } from '../core/model/endpoint.js';
import { changesOf, type Plan } from '../core/plan.js';
import { renderWireGuard } from '../core/render/wireguard.js';
import type { Failures } from '../core/settle.js';
import { applyBird } from './apply-bird.js';
import type { ApplyContext } from './apply-context.js';
import { FailureLog } from './failure-log.js';
import type { MemoryStore } from './memory.js';
import type { KeyPair } from './ports.js';

/**
 * Makes the changes of a plan, in its order. What fails on behalf of one owner is noted and ends that owner's tunnel
 * changes; everybody else's go on.
 */
export async function applyPlan(plan: Plan, context: ApplyContext): Promise<Failures> {
  const failures = new FailureLog();
  const keyPair = await ensureKeyPair(plan, context, failures);
  await setLoopback(plan, context, failures);
  await removeTunnels(plan, true, context, failures);
  await createTunnels(plan, context, failures);
  await setLinks(plan, context, failures);
  await syncWireGuard(plan, keyPair, context, failures);
  await applyBird(plan, context, failures);
  await removeTunnels(plan, false, context, failures);
  return failures.byOwner;
}

async function ensureKeyPair(
  plan: Plan,
  { host }: ApplyContext,
  failures: FailureLog,
): Promise<KeyPair | undefined> {
  const [missing] = changesOf(plan, 'create-key-pair');
  try {
    return missing ? await host.keys.create() : await host.keys.read();
  } catch (error) {
    failures.add({ kind: 'node' }, error);
    return undefined;
  }
}

// What iproute2 and the kernel say where there is no such kind of device.
const unknownDevice = /unknown device type|not supported/i;

async function setLoopback(
  plan: Plan,
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const [change] = changesOf(plan, 'set-loopback');
  if (!change) return;
  const { link } = change;
  await rememberLoopback(link, memory);
  const failed = (await host.links.apply([link], signal)).get(link.interface);
  await memory.update({ creating: memory.current.creating.filter((name) => name !== link.interface) });
  if (failed === undefined) return;
  const fallback =
    link.create && unknownDevice.test(failed)
      ? { interface: 'lo', addAddresses: link.addAddresses ?? [] }
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

async function removeTunnels(
  plan: Plan,
  first: boolean,
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const removals = changesOf(plan, 'remove-tunnel').filter((change) => change.first === first);
  const replaced = first ? changesOf(plan, 'create-tunnel').filter((change) => change.replace) : [];
  const changes = [...removals, ...replaced];
  if (changes.length === 0) return;
  const failed = await host.links.apply(
    changes.map((change) => ({ interface: change.interface, remove: true })),
    signal,
  );
  for (const change of changes) {
    const words = failed.get(change.interface);
    if (words !== undefined) failures.add(change.owner, `remove tunnel ${change.interface}: ${words}`);
  }
  const gone = new Set(changes.map((change) => change.interface));
  const endpoints = Object.entries(memory.current.endpoints).filter(([name]) => !gone.has(name));
  await memory.update({
    endpoints: Object.fromEntries(endpoints),
    creating: memory.current.creating.filter((name) => !gone.has(name)),
  });
}

async function createTunnels(
  plan: Plan,
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const creations = changesOf(plan, 'create-tunnel');
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
  plan: Plan,
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const changes = changesOf(plan, 'set-link').filter((change) => !failures.has(change.owner));
  if (changes.length > 0) {
    const failed = await host.links.apply(
      changes.map((change) => change.link),
      signal,
    );
    for (const change of changes) {
      const words = failed.get(change.link.interface);
      if (words !== undefined) failures.add(change.owner, `set link ${change.link.interface}: ${words}`);
    }
  }
  const marked = new Set(
    changes.filter((change) => !failures.has(change.owner)).map((change) => change.link.interface),
  );
  await memory.update({ creating: memory.current.creating.filter((name) => !marked.has(name)) });
}

async function syncWireGuard(
  plan: Plan,
  keyPair: KeyPair | undefined,
  { host, memory, templates, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const endpoints: Record<string, string> = { ...memory.current.endpoints };
  for (const { owner, tunnel, endpoint } of changesOf(plan, 'sync-wireguard')) {
    if (failures.has(owner)) continue;
    try {
      if (!keyPair) throw new Error('there is no WireGuard key pair');
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
