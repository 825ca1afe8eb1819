import { nodePaths } from '../hosts/node-host.js';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import { otherNodeDocument } from './bird-config-document.js';
import type { SessionRow } from './session-row.js';
import type { Status } from './status.js';

// 0 is in no list: a row that is deleted is gone.
const numbers: Readonly<Record<Status, number>> = {
  deleted: 0,
  disabled: 1,
  active: 2,
  'pending review': 3,
  'queued for setup': 4,
  'queued for delete': 5,
  error: 6,
  'setup failed': 6,
  teardown: 7,
  rejected: 8,
};

const extensions = {
  'extended-next-hop': ['mp_bgp', 'extended_nexthop'],
  'mp-bgp': ['mp_bgp'],
  separate: [],
} as const;

/** A session in `GET sessions`, as the bot writes it: port, endpoint and MTU stand in the credential as well. */
export function moenetCoreSession(row: SessionRow) {
  const { uuid, asn, contact, status, ipv4, ipv6, ipv6LinkLocal, endpoint, port, mtu, policy } = row;
  const credential = {
    public_key: row.publicKey,
    preshared_key: row.presharedKey ?? null,
    listen_port: port,
    endpoint,
    mtu,
  };
  return {
    uuid,
    asn,
    name: `AS${asn}`,
    description: `AS${asn} - ${contact}`,
    status: numbers[status],
    ipv4,
    ipv6,
    ipv6LinkLocal,
    type: 'wireguard',
    extensions: extensions[row.kind],
    interface: row.interface,
    endpoint,
    credential: JSON.stringify(credential),
    data: null,
    mtu,
    port,
    policy,
    lastError: row.lastError,
  };
}

/** `GET config`: the loopbacks are with WireGuard, and nothing says which AS this is. */
export function moenetCoreConfig({ id, name, region, ...node }: NodeSpec) {
  return {
    node: { name, id, region: region.name, location: '', provider: '' },
    bird: {
      controlSocket: nodePaths.birdSocket,
      poolSize: 5,
      poolSizeMax: 64,
      peerConfDir: `${nodePaths.birdDirectory}/peers`,
      ebgpConfTemplateFile: '',
      ibgpConfDir: `${nodePaths.birdDirectory}/ibgp.d`,
    },
    wireguard: {
      privateKeyPath: nodePaths.privateKey,
      publicKeyPath: nodePaths.publicKey,
      configDir: nodePaths.wireguardDirectory,
      persistentKeepaliveInterval: 25,
      dn42Ipv4: node.loopbackIpv4,
      dn42Ipv6: node.loopbackIpv6,
      dn42Ipv6LinkLocal: `${node.linkLocal}/64`,
    },
    metric: { pingTimeout: 1, pingCount: '2', pingWorkers: 32 },
    autoUpdate: { enabled: false },
  };
}

/** `GET mesh`: the other nodes, each dialled at 51820 + the id of the node that asks. */
export function moenetCoreMesh(scenario: Scenario, node: NodeSpec, publicKeys: ReadonlyMap<string, string>) {
  const others = scenario.nodes.filter(({ id }) => id !== node.id);
  return {
    self: otherNodeDocument(node),
    peers: others.map((other) => ({
      ...otherNodeDocument(other),
      publicKey: publicKeys.get(other.name) ?? '',
      endpoint: `${other.address}:${51_820 + node.id}`,
      mtu: '1420',
    })),
  };
}
