import { nodePaths } from '../hosts/node-host.js';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import { otherNodeDocument } from './bird-config-document.js';
import type { SessionRow } from './session-row.js';
import type { Status } from './status.js';
import type { Heartbeats } from './wire.js';

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

/** A session in `GET sessions`: its port is the credential's, and 0 where that has none. */
export function moenetCoreSession(row: SessionRow) {
  const { uuid, asn, contact, status, ipv4, ipv6, ipv6LinkLocal, endpoint, mtu, policy } = row;
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
    credential: credentialOf(row),
    data: null,
    mtu,
    port: row.credential === 'whole' ? row.port : 0,
    policy,
    lastError: row.lastError,
  };
}

/** As the bot stores it; as the web does; and as the web leaves it after an edit of the preshared key. */
function credentialOf({ credential, publicKey, port, endpoint, mtu, ...row }: SessionRow): string {
  const presharedKey = row.presharedKey ?? null;
  if (credential === 'public key') return publicKey;
  if (credential === 'preshared key') return JSON.stringify({ pubkey: null, psk: presharedKey });
  return JSON.stringify({
    public_key: publicKey,
    preshared_key: presharedKey,
    listen_port: port,
    endpoint,
    mtu,
  });
}

/** `GET config`: the loopbacks are with WireGuard, and nothing says which AS this is. */
export function moenetCoreConfig({ id, name, region, ...node }: NodeSpec) {
  return {
    node: { name, id, region: region.name, location: '', provider: '' },
    bird: {
      // Not where a Debian package's BIRD has it.
      controlSocket: '/var/run/bird/run/bird.ctl',
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

/** `GET mesh`: the other nodes, each dialled at the public address that it has told, port 51820 + the id of the node that asks. */
export function moenetCoreMesh(
  scenario: Scenario,
  node: NodeSpec,
  { publicKeys, publicAddresses }: Heartbeats,
) {
  const others = scenario.nodes.filter(({ id }) => id !== node.id);
  return {
    self: otherNodeDocument(node),
    peers: others.map((other) => ({
      ...otherNodeDocument(other),
      publicKey: publicKeys.get(other.name) ?? '',
      endpoint: endpointAt(publicAddresses.get(other.name), 51_820 + node.id),
      mtu: '1420',
    })),
  };
}

function endpointAt(address: string | undefined, port: number): string {
  return address === undefined ? '' : `${address}:${port}`;
}
