import { protocolNames } from '../../core/desired/sessions.js';
import { explainRoute as explainAnswers } from '../../core/explain/route/explain-route.js';
import type { RouteExplanation } from '../../core/explain/route/route-explanation.js';
import { parseRouteTarget, TargetError } from '../../core/lookups/target.js';
import { ibgpProtocolName, isIbgpProtocolName, kernelNames } from '../../core/model/names.js';
import type { Family } from '../../core/model/values/family.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';
import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { Host } from '../ports/host.js';

export interface RouteContext {
  readonly host: Host;
  readonly state: NodeState;
}

/**
 * Explains the routes to a prefix or an address: which one this node uses and why, which ones it refused, and to whom it is sent. Asks BIRD
 * over a session that can change nothing. Throws `TargetError` for what is neither.
 */
export async function explainRoute(
  { host, state }: RouteContext,
  text: string,
  signal: AbortSignal,
): Promise<RouteExplanation> {
  const { lastPass, snapshot } = state;
  if (!lastPass) throw new Error(state.passError ?? 'the first pass is not finished yet');
  const { desired } = lastPass;
  const { asn } = desired.node;
  if (asn === undefined) throw new Error("this node's own ASN is not known yet");
  const to = targetOf(text);
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  const sessions = desired.sessions.flatMap((item) =>
    protocolNames(item).map((protocol) => ({ protocol, asn: item.session.asn, policy: item.session.policy })),
  );
  const peers = snapshot.mesh?.peers ?? [];
  const { id, name: ownName } = desired.node;
  const nodes = new Map<number, string>([
    ...peers.map(({ nodeId, nodeName }) => [nodeId, nodeName] as const),
    ...(id === undefined ? [] : [[id, ownName] as const]),
  ]);
  const ibgp = desired.nodeProtocols.filter(({ name }) => isIbgpProtocolName(name)).map(({ name }) => name);
  const names = new Map([
    ...ibgp.map((name) => [name, describeNode(name, nodes)] as const),
    [kernelNames[family], 'the kernel'] as const,
  ]);
  const answers = await host.bird.tables.explain(
    to,
    [...sessions.map(({ protocol }) => protocol), ...ibgp, kernelNames[family]].filter(
      carries(family, lastPass),
    ),
    signal,
  );
  const { communities = {}, largeCommunities = {} } = snapshot.birdConfig?.policy ?? {};
  return explainAnswers(answers, {
    to,
    asn,
    communities,
    largeCommunities,
    nodes,
    sessions,
    names,
    isIbgp: isIbgpProtocolName,
  });
}

/** Whether a protocol carries routes of the family; one that BIRD has not shown may. */
function carries(family: Family, { observed: { bird } }: PassResult): (protocol: string) => boolean {
  const running = new Map(bird.running ? bird.protocols.map((each) => [each.name, each]) : []);
  return (name) => running.get(name)?.channels.some((channel) => channel.name === family) ?? true;
}

function describeNode(protocol: string, nodes: ReadonlyMap<number, string>): string {
  const found = [...nodes].find(([nodeId]) => ibgpProtocolName(nodeId) === protocol);
  return found ? `node ${found[0]} (${found[1]})` : 'another node of ours';
}

function targetOf(text: string): IpAddress | Prefix {
  const target = parseRouteTarget(text);
  if (target.kind === 'prefix') return target.prefix;
  if (target.kind === 'address') return target.address;
  throw new TargetError(`${JSON.stringify(text.slice(0, 80))} is neither an address nor a prefix`);
}
