import type { NodeSpec } from '../scenario/node-spec.js';
import { asn } from '../scenario/numbers.js';
import type { Scenario } from '../scenario/scenario.js';
import { documentedPosts } from './documented-posts.js';
import type { SessionRow } from './session-row.js';
import type { Status } from './status.js';
import type { Heartbeats, Wire } from './wire.js';

/** The documented dialect (docs/protocol.md): unwrapped bodies. */
export const documented: Wire = {
  dialect: 'documented',
  base: '/agent',
  maxBodyBytes: 8 * 1024 * 1024,
  destroysUnasked: false,
  mayBecome: () => true,
  modified: () => ({ received: true }),
  posts: documentedPosts,
  config: configDocument,
  birdConfig: (document) => document,
  mesh: meshDocument,
  sessions: (rows) => ({ sessions: rows.map(sessionDocument) }),
  success: (data) => data,
  refusal: (_, reason) => ({ error: reason }),
  headers: () => ({}),
};

// In a list, 0 is disabled. What this dialect has no number for is not in its table.
const numbers: Readonly<Record<Status, number>> = {
  disabled: 0,
  active: 1,
  error: 2,
  'pending review': 3,
  'queued for setup': 4,
  'queued for delete': 5,
  'setup failed': 6,
  teardown: 0,
  rejected: 0,
  deleted: 0,
};

const extensions = {
  'extended-next-hop': ['mp-bgp', 'extended-nexthop'],
  'mp-bgp': ['mp-bgp'],
  separate: [],
} as const;

function sessionDocument(row: SessionRow) {
  const { uuid, asn, contact, status, ipv4, ipv6, ipv6LinkLocal, endpoint, port, mtu, policy } = row;
  const { publicKey, presharedKey } = row;
  return {
    uuid,
    asn,
    description: `AS${asn} ${contact}`,
    status: numbers[status],
    ipv4,
    ipv6,
    ipv6LinkLocal,
    type: 'wireguard',
    extensions: extensions[row.kind],
    interface: row.interface,
    endpoint,
    port,
    mtu,
    credential: { publicKey, ...(presharedKey === undefined ? {} : { presharedKey }) },
    policy,
  };
}

function configDocument({ id, name, region, loopbackIpv4, loopbackIpv6 }: NodeSpec) {
  return {
    node: { id, name, region: region.name, asn, loopbackIpv4, loopbackIpv6 },
    // A peer that is silent for a moment must not hold the next pass up.
    metric: { pingTimeout: 1, pingCount: 2 },
  };
}

/** The other nodes, each dialled at 51820 + the id of the node that asks. */
function meshDocument(scenario: Scenario, node: NodeSpec, { publicKeys }: Heartbeats) {
  const others = scenario.nodes.filter(({ id }) => id !== node.id);
  return {
    peers: others.map(({ id, name, address, loopbackIpv4, loopbackIpv6 }) => ({
      nodeId: id,
      name,
      endpoint: `${address}:${51_820 + node.id}`,
      publicKey: publicKeys.get(name) ?? '',
      loopbackIpv4,
      loopbackIpv6,
    })),
  };
}
