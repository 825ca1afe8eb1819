import type { MeshPeer } from '../../../../../src/core/model/control-plane.js';
import type { SessionEntry } from '../../../../../src/core/model/session.js';
import { toBirdText } from '../../../../../src/core/model/values/bird-text.js';
import { parseEndpoint } from '../../../../../src/core/model/values/endpoint.js';
import { interfaceName } from '../../../../../src/core/model/values/interface-name.js';
import { sessionId } from '../../../../../src/core/model/values/session-id.js';
import type { FakeNode } from '../../../../fakes/fake-node.js';
import { bootstrap, makeEntry, otherKey, peerKey, v6 } from '../../../make.js';

/** What is settled first, and what is new when the process dies. */
export interface Scenario {
  readonly title: string;
  /** Undefined: the node is new. */
  readonly before?: (node: FakeNode) => void;
  readonly after: (node: FakeNode) => void;
  /** What happens after that, and before the next process starts. */
  readonly later?: (node: FakeNode) => void;
}

const first = makeEntry({ status: 'queued-for-setup' });
const second = makeEntry({
  uuid: 'abc-124',
  interface: 'wg_24002',
  listenPort: 24002,
  publicKey: otherKey,
  asn: 4242422189 as never,
});
const peer: MeshPeer = {
  nodeId: 2,
  nodeName: toBirdText('hk1'),
  publicKey: peerKey,
  endpoint: parseEndpoint('192.0.2.2:51821'),
  mtu: 1420,
  loopbackIpv4: undefined,
  loopbackIpv6: v6('fd00:4242:7777:101:2::1'),
  isRouteReflector: false,
};

function wants(sessions: readonly SessionEntry[], peers: readonly MeshPeer[] = [peer]) {
  return (node: FakeNode) => {
    node.controlPlane.sessions = sessions;
    node.controlPlane.mesh = { peers, refused: [] };
  };
}

const deleted: SessionEntry = {
  kind: 'ignored',
  uuid: sessionId.parse('abc-123'),
  status: 'queued-for-delete',
  interface: interfaceName.parse('wg_24001'),
};

export const scenarios: readonly Scenario[] = [
  { title: 'the first setup', after: wants([first, second]) },
  { title: 'a deleted session', before: wants([first, second]), after: wants([deleted, second]) },
  { title: 'a mesh peer that is gone', before: wants([first]), after: wants([makeEntry()], []) },
  {
    title: 'a session that moves to another interface, with its port',
    before: wants([first, second]),
    after: wants([makeEntry({ interface: 'wg_new' }), second]),
  },
  {
    title: 'sessions that change their interfaces among them',
    before: wants([first, second]),
    after: wants([
      makeEntry({ interface: 'wg_24002' }),
      makeEntry({ ...entryOf(second), interface: 'wg_24001' }),
    ]),
  },
  {
    title: 'a changed endpoint',
    before: wants([first, second]),
    after: wants([makeEntry({ endpoint: parseEndpoint('192.0.2.99:51820') }), second]),
  },
  {
    title: 'a changed policy',
    before: wants([first, second]),
    after: wants([makeEntry({ policy: 'peer' }), second]),
  },
  {
    title: 'a changed policy while BIRD hangs',
    before: wants([first, second]),
    after: (node) => {
      wants([makeEntry({ policy: 'peer' }), second])(node);
      node.host.birdRunning = false;
    },
    // It has read nothing meanwhile.
    later: (node) => {
      node.host.birdRunning = true;
    },
  },
  {
    title: 'a changed loopback address',
    before: wants([first, second]),
    after: (node) => {
      node.config = {
        ...bootstrap,
        node: { ...bootstrap.node, loopbackIpv6: v6('fd00:4242:7777:101:9::1') },
      };
    },
  },
  {
    title: 'a file that BIRD refuses',
    before: wants([second]),
    after: (node) => {
      wants([first, second])(node);
      node.host.birdRefuses = 'abc-123';
    },
  },
];

function entryOf(entry: SessionEntry) {
  if (entry.kind !== 'session') throw new Error('not a session');
  return entry.session;
}
