import type { Desired } from '../../desired/desired.js';
import type { Observed } from '../../model/observed.js';
import { OwnerMap, type ReadonlyOwnerMap } from '../../model/owner.js';
import { whyTrialWaits } from '../../plan/operator-trial.js';
import type { Plan } from '../../plan/plan.js';
import type { Aftermath } from '../differences.js';
import type { SilentPeer } from '../trouble.js';
import { type Forwarding, forwardingFaults, forwardingOf } from './forwarding.js';
import { describeIbgp, type IbgpPeerState, ibgpPeers } from './ibgp-peers.js';
import { familiesInUse, type KernelSync, kernelFaults, kernelSync } from './kernel-sync.js';
import type { NodeFault } from './node-fault.js';
import { deviceFault, ownProtocols, type ProtocolState, protocolFaults } from './own-protocols.js';
import { cacheFaults, type RpkiCache, rpkiCaches } from './rpki-caches.js';

/** The state of the node itself, without its sessions, as one look at the system shows it. */
export interface NodeHealth {
  /** The protocols of the node's own files. */
  readonly protocols: readonly ProtocolState[];
  readonly kernel: readonly KernelSync[];
  readonly caches: readonly RpkiCache[];
  readonly ibgp: readonly IbgpPeerState[];
  /** Undefined where the kernel's settings were not read. */
  readonly forwarding: Forwarding | undefined;
  /** Why no session at all can come up; undefined where the node itself has no such fault. */
  readonly noSessions: NodeFault | undefined;
  /** What is wrong, the worst first; without iBGP peers that do not answer. */
  readonly faults: readonly NodeFault[];
}

/** The verdict on the node itself after a pass: `status`, heartbeat, `/health`, metrics and log read it. */
export interface NodeVerdict extends NodeHealth {
  /** What failed for the node itself, also in an earlier pass if the agent does not try it again now; a sentence each. */
  readonly failures: readonly string[];
  readonly mesh: readonly MeshVerdict[];
  /** All that is wrong now except the node's configuration and its mesh peers, a sentence each, the worst first. */
  readonly problems: readonly string[];
}

/** The verdict on the tunnel to another node of ours. */
interface MeshVerdict {
  readonly nodeId: number;
  /** BIRD's state of the iBGP with this node; undefined where none is desired. */
  readonly bgp: string | undefined;
  /** Why it cannot be configured, or what failed in this pass. */
  readonly error: string | undefined;
  /**
   * Why a change of it waits. This pass did not try it, but it is still broken: `status` shows it as an error. The control
   * plane hears only what this pass has found.
   */
  readonly waits: string | undefined;
  /** Why its routes are not here although nothing is wrong on this node; absent where they are. */
  readonly silent?: SilentPeer;
}

/** The part of a pass that concerns the node itself. */
export type NodePass = Omit<Aftermath, 'tried'>;

/** The verdict on the node and its mesh peers after a pass. */
export function nodeVerdict(pass: NodePass): NodeVerdict {
  const { desired, observed, remaining } = pass;
  const health = judgeNode(desired, observed);
  const putOff = new OwnerMap(remaining.putOff.map(({ change, reason }) => [change.owner, reason]));
  const failures = ownFailures(pass, putOff);
  const trial = whyTrialWaits(observed);
  const silent = silentPeers(health);
  const waitsForTrial = trial !== undefined && remaining.putOff.some(({ reason }) => reason === trial);
  return {
    ...health,
    failures,
    mesh: desired.mesh.map(({ nodeId, reason }) => {
      const owner = { kind: 'mesh', nodeId } as const;
      const bgp = health.ibgp.find((peer) => peer.nodeId === nodeId)?.state;
      const quiet = silent.get(nodeId);
      return {
        nodeId,
        bgp,
        error: reason ?? pass.failures.get(owner),
        waits: putOff.get(owner),
        ...(quiet && { silent: quiet }),
      };
    }),
    problems: [
      ...(observed.bird.running ? [] : [observed.bird.reason]),
      ...failures,
      ...health.faults.map(({ words }) => words),
      ...(waitsForTrial && !failures.includes(trial) ? [trial] : []),
    ],
  };
}

const node = { kind: 'node' } as const;

/** What failed for the node itself, also in an earlier pass if the agent does not try it again now. */
function ownFailures({ desired, rejected, failures }: NodePass, putOff: ReadonlyOwnerMap<string>): string[] {
  const own = (desired.files ?? []).filter(({ owner }) => owner.kind === 'node');
  const all = [...own.map(({ path }) => rejected[path]), failures.get(node) ?? putOff.get(node)];
  return [...new Set(all.filter((reason) => reason !== undefined))];
}

/** Without BIRD's interfaces no node can answer; a disabled protocol has its own fault. */
function silentPeers({ ibgp, faults, noSessions }: NodeHealth): ReadonlyMap<number, SilentPeer> {
  if (noSessions) return new Map();
  const disabled = new Set(faults.flatMap(({ protocol }) => protocol ?? []));
  return new Map(
    ibgp
      .filter(({ protocol }) => !disabled.has(protocol))
      .flatMap((peer) => {
        const words = describeIbgp(peer);
        return words === undefined ? [] : [[peer.nodeId, { words, isUp: peer.isEstablished }] as const];
      }),
  );
}

/** What `judgeNode` compares with. */
export type NodeWishes = Pick<
  Desired,
  'nodeProtocols' | 'protocols' | 'tunnels' | 'loopback' | 'refusesUnknownOrigins' | 'roaFallback'
> &
  Partial<Pick<Desired, 'rules'>>;

/**
 * Compares the node with what it needs so that packets flow. While BIRD does not answer, its protocols are unknown and
 * cause no faults.
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
      ...cacheFaults(caches, desired.refusesUnknownOrigins, desired.roaFallback),
      ...(forwarding ? forwardingFaults(forwarding, families) : []),
    ],
  };
}

/** The faults that a plan does not repair. */
export function lastingFaults({ faults }: NodeHealth, { changes }: Plan): NodeFault[] {
  const repaired = new Set(
    changes.flatMap((change) => (change.kind === 'enable-protocol' ? [change.protocol] : [])),
  );
  // Any load enables disabled protocols again.
  const isLoaded = changes.some(({ kind }) => kind === 'reload-bird');
  return faults.filter(({ protocol }) => protocol === undefined || !(isLoaded || repaired.has(protocol)));
}
