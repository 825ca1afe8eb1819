import type { Desired } from '../../desired/desired.js';
import type { Observed } from '../../model/observed.js';
import type { Plan } from '../../plan/plan.js';
import { familiesInUse } from './families.js';
import { type Forwarding, forwardingFaults, forwardingOf } from './forwarding.js';
import { type IbgpPeerState, ibgpPeers } from './ibgp-peers.js';
import { type KernelSync, kernelFaults, kernelSync } from './kernel-sync.js';
import type { NodeFault } from './node-fault.js';
import { deviceFault, ownProtocols, type ProtocolState, protocolFaults } from './own-protocols.js';
import { cacheFaults, type RpkiCache, rpkiCaches } from './rpki-caches.js';

/** How the node itself is doing, apart from its sessions, as one look at the system shows it. */
export interface NodeHealth {
  /** The protocols of the node's own files. */
  readonly protocols: readonly ProtocolState[];
  readonly kernel: readonly KernelSync[];
  readonly caches: readonly RpkiCache[];
  readonly ibgp: readonly IbgpPeerState[];
  /** Undefined where nobody has looked. */
  readonly forwarding: Forwarding | undefined;
  /** Why no session at all can come up; undefined where nothing of the node itself keeps them down. */
  readonly noSessions: NodeFault | undefined;
  /** What is wrong, the worst first. An iBGP peer that does not answer is not among it. */
  readonly faults: readonly NodeFault[];
}

/** What `judgeNode` compares with. */
export type NodeWishes = Pick<
  Desired,
  'nodeProtocols' | 'protocols' | 'tunnels' | 'loopback' | 'refusesUnknownOrigins'
>;

/**
 * Compares the node with what it needs so that packets flow. Of protocols nothing is said while BIRD does not answer, for
 * that is unknown.
 */
export function judgeNode(desired: NodeWishes, observed: Pick<Observed, 'bird' | 'sysctls'>): NodeHealth {
  const { bird, sysctls } = observed;
  const running = bird.running ? bird.protocols : [];
  const own = bird.running ? desired.nodeProtocols : [];
  const families = familiesInUse(desired.protocols, running);
  const protocols = ownProtocols(own, running);
  const kernel = kernelSync(families, running);
  const caches = rpkiCaches(own, running);
  const noSessions = bird.running ? deviceFault(own, running) : undefined;
  const forwarding = sysctls && forwardingOf(desired, sysctls);
  return {
    protocols,
    kernel,
    caches,
    ibgp: ibgpPeers(own, running),
    forwarding,
    noSessions,
    faults: [
      ...(noSessions ? [noSessions] : []),
      ...kernelFaults(kernel, own, desired.protocols, running),
      ...protocolFaults(protocols),
      ...cacheFaults(caches, desired.refusesUnknownOrigins),
      ...(forwarding ? forwardingFaults(forwarding, families) : []),
    ],
  };
}

/** The faults that a plan does not mend. */
export function lastingFaults({ faults }: NodeHealth, { changes }: Plan): NodeFault[] {
  const mended = new Set(
    changes.flatMap((change) => (change.kind === 'enable-protocol' ? [change.protocol] : [])),
  );
  // Any load switches on what was switched off.
  const isLoaded = changes.some(({ kind }) => kind === 'reload-bird');
  return faults.filter(({ protocol }) => protocol === undefined || !(isLoaded || mended.has(protocol)));
}
