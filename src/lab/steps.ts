import { allConnections, disturbed } from './connections.js';
import { editSession } from './control-plane-state.js';
import { establishedCondition, sessionName, toldCondition } from './converge.js';
import { connectPeer, movePeer, type PeerHost, startPeer } from './peer-host.js';
import { status } from './posts.js';
import { seconds } from './progress.js';
import { type Lab, look, nodeOf, offerSession, waitInLab } from './running-lab.js';
import type { PeerSpec } from './scenario.js';
import { nodeBgp, nodeLink, nodeTunnel, routesImported } from './view.js';
import type { Condition } from './wait.js';

/** A change before the viewer's eyes: what is done, and what must come of it. */
interface Step {
  readonly name: string;
  readonly done: string;
  /** The sessions that may be interrupted by it. */
  readonly touches: readonly number[];
  act(): Promise<readonly Condition[]>;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly done: string;
  readonly expected: readonly string[];
  readonly missing: readonly string[];
  /** Other sessions whose BGP was reset meanwhile. */
  readonly disturbed: readonly number[];
  readonly seconds: number;
}

/** Takes all steps, one after the other; a step that fails does not stop the next one. */
export async function demonstrate(lab: Lab): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of makeSteps(lab)) results.push(await take(lab, step));
  return results;
}

async function take(lab: Lab, step: Step): Promise<StepResult> {
  const { progress } = lab;
  progress.say(`▸ ${step.done}`);
  const before = await allConnections(lab.peers);
  const startedAtMs = Date.now();
  const conditions = await step.act();
  const result = await waitInLab(lab, conditions);
  const tookMs = Date.now() - startedAtMs;
  const reset = disturbed(before, await allConnections(lab.peers), step.touches);
  const seen = result.ok
    ? conditions.map(({ what }) => what).join('; ')
    : `not seen: ${result.missing.join('; ')}`;
  const others = reset.length === 0 ? 'no other session was disturbed' : `RESET: AS${reset.join(', AS')}`;
  progress.say(`  ${result.ok ? '✓' : '✗'} ${seconds(tookMs)}: ${seen}; ${others}`);
  return {
    name: step.name,
    ok: result.ok && reset.length === 0,
    done: step.done,
    expected: conditions.map(({ what }) => what),
    missing: result.missing,
    disturbed: reset,
    seconds: tookMs / 1000,
  };
}

function makeSteps(lab: Lab): Step[] {
  const { newcomer } = lab.scenario;
  const [first] = lab.peers;
  if (!first) throw new Error('the lab has no peers');
  const moving = lab.peers.find(({ spec }) => spec.kind === 'mp-bgp') ?? first;
  return [
    addSession(lab, newcomer),
    deleteSession(lab, newcomer),
    moveEndpoint(lab, moving),
    deleteLink(lab, first.spec),
    changeMtu(lab, moving.spec),
    removeAddress(lab, moving.spec),
  ];
}

function addSession(lab: Lab, peer: PeerSpec): Step {
  return {
    name: 'add a session',
    done: `a new peer: ${sessionName(peer)} is queued for setup`,
    touches: [peer.asn],
    act: async () => {
      const host = await startPeer(peer, lab.scenario);
      await connectPeer(host, publicKey(lab, peer));
      lab.peers.push(host);
      offerSession(lab.controlPlane, peer, host.secrets, status.queuedForSetup);
      return [
        establishedCondition(lab, peer),
        { what: 'its routes imported', holds: () => routesImported(lab.view, peer) === 2 },
        toldCondition(lab, peer, status.active, 'active'),
      ];
    },
  };
}

function deleteSession(lab: Lab, peer: PeerSpec): Step {
  const { uuid } = peer.session;
  return {
    name: 'delete a session',
    done: `${sessionName(peer)} is queued for delete`,
    touches: [peer.asn],
    act: async () => {
      editSession(lab.controlPlane, uuid, { status: status.queuedForDelete });
      return [
        { what: 'its tunnel gone', holds: () => nodeLink(lab.view, peer) === undefined },
        { what: 'its BGP protocol gone', holds: () => nodeBgp(lab.view, peer).length === 0 },
        toldCondition(lab, peer, status.deleted, 'deleted'),
        { what: 'off the list', holds: () => !lab.controlPlane.sessions.has(uuid) },
      ];
    },
  };
}

function moveEndpoint(lab: Lab, { spec, ...peer }: PeerHost): Step {
  const to = {
    address: spec.address.replace(/\d+$/, (last) => String(Number(last) + 100)),
    listenPort: spec.listenPort + 100,
  };
  const endpoint = `${to.address}:${to.listenPort}`;
  return {
    name: 'change an endpoint',
    done: `AS${spec.asn} moves to ${endpoint}`,
    touches: [],
    act: async () => {
      await movePeer({ spec, ...peer }, publicKey(lab, spec), to);
      await look(lab);
      const heard = nodeTunnel(lab.view, spec)?.rxBytes ?? 0;
      editSession(lab.controlPlane, spec.session.uuid, { endpoint });
      return [
        { what: `dialled at ${endpoint}`, holds: () => nodeTunnel(lab.view, spec)?.endpoint === endpoint },
        { what: 'the peer heard again', holds: () => (nodeTunnel(lab.view, spec)?.rxBytes ?? 0) > heard },
        establishedCondition(lab, spec),
      ];
    },
  };
}

function deleteLink(lab: Lab, peer: PeerSpec): Step {
  const name = peer.session.interface;
  return {
    name: 'delete a tunnel by hand',
    done: `${peer.node.name}: ip link del ${name}`,
    touches: [peer.asn],
    act: async () => {
      const old = nodeLink(lab.view, peer)?.index;
      const atSeconds = Math.floor(Date.now() / 1000);
      await nodeOf(lab, peer).host.run('ip', ['link', 'del', name]);
      const isNew = () => (nodeLink(lab.view, peer)?.index ?? old) !== old;
      return [
        { what: 'the tunnel made again', holds: isNew },
        {
          what: 'a new handshake',
          holds: () => isNew() && (nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0) >= atSeconds,
        },
        {
          ...establishedCondition(lab, peer),
          holds: () => isNew() && establishedCondition(lab, peer).holds(),
        },
        { what: 'its routes imported', holds: () => isNew() && routesImported(lab.view, peer) === 2 },
      ];
    },
  };
}

function changeMtu(lab: Lab, peer: PeerSpec): Step {
  const { interface: name, mtu } = peer.session;
  return {
    name: 'set a wrong MTU by hand',
    done: `${peer.node.name}: ip link set ${name} mtu 1300`,
    touches: [],
    act: async () => {
      await nodeOf(lab, peer).host.run('ip', ['link', 'set', name, 'mtu', '1300']);
      return [{ what: `MTU ${mtu} again`, holds: () => nodeLink(lab.view, peer)?.mtu === mtu }];
    },
  };
}

function removeAddress(lab: Lab, peer: PeerSpec): Step {
  const { interface: name } = peer.session;
  const pointToPoint = peer.kind === 'mp-bgp';
  const address = pointToPoint ? peer.node.loopbackIpv4 : peer.node.linkLocal;
  const argument = pointToPoint ? [address, 'peer', `${peer.ipv4}/32`] : [`${address}/64`];
  return {
    name: 'remove an address by hand',
    done: `${peer.node.name}: ip address del ${argument.join(' ')} dev ${name}`,
    touches: [peer.asn],
    act: async () => {
      await nodeOf(lab, peer).host.run('ip', ['address', 'del', ...argument, 'dev', name]);
      return [
        {
          what: `${address} again`,
          holds: () => nodeLink(lab.view, peer)?.addresses.includes(address) ?? false,
        },
        establishedCondition(lab, peer),
        { what: 'its routes imported', holds: () => routesImported(lab.view, peer) === 2 },
      ];
    },
  };
}

function publicKey(lab: Lab, peer: PeerSpec): string {
  const key = lab.controlPlane.publicKeys.get(peer.node.name);
  if (key === undefined) throw new Error(`${peer.node.name} has told no public key`);
  return key;
}
