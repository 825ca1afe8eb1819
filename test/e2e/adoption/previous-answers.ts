import { dialect } from '../dialect.js';
import * as files from './previous-files.js';
import type { RunningNeighbor } from './previous-neighbors.js';
import type { PreviousNodeOptions } from './previous-node.js';

const node = { id: 1, name: 'jp1', loopbackIpv4: files.loopbackIpv4, loopbackIpv6: files.loopbackIpv6 };

/** What the control plane says of a node and its neighbors; the sessions as the fixtures' server takes them. */
export function previousAnswers(
  { external, internal }: PreviousNodeOptions,
  neighbors: readonly RunningNeighbor[],
) {
  const keyOf = (id: string) => neighbors.find((neighbor) => neighbor.id === id)?.publicKey;
  return {
    config: dialect === 'moenet-core' ? moenetCoreConfig : documentedConfig,
    sessions: {
      sessions: external.map((each) => ({
        uuid: each.id,
        asn: each.asn,
        status: 1,
        ipv6LinkLocal: each.theirs,
        mtu: 1420,
        interface: `dn42_${each.asn}`,
        endpoint: `${each.network}.2:51820`,
        port: each.port,
        credential: { publicKey: keyOf(each.id) },
        type: 'wireguard',
        extensions: ['mp-bgp', 'extended-nexthop'],
        policy: 'full',
      })),
    },
    mesh: {
      self: { ...loopbacks(1), nodeName: 'jp1' },
      peers: internal.map((each) => ({
        ...loopbacks(each.nodeId),
        endpoint: `${each.network}.2:51820`,
        publicKey: keyOf(each.id),
        mtu: 1420,
      })),
    },
    'bird-config': {
      configHash: '1',
      node: { ...node, type: 'client' },
      policy: {
        dn42As: String(files.ownAsn),
        dn42Ipv4Prefix: '172.22.188.0/26',
        dn42Ipv6Prefix: 'fd00:4242:7777::/48',
      },
      ibgpPeers: internal.map((each) => loopbacks(each.nodeId)),
    },
  };
}

const bird = {
  controlSocket: '/var/run/bird/run/bird.ctl',
  poolSize: 5,
  poolSizeMax: 64,
  peerConfDir: '/etc/bird/peers',
  ebgpConfTemplateFile: '/opt/moenet-agent/templates/ebgp.conf.tmpl',
  ibgpConfDir: '/etc/bird/ibgp.d',
};

const wireguard = {
  privateKeyPath: '/etc/wireguard/private.key',
  publicKeyPath: '/etc/wireguard/public.key',
  configDir: '/etc/wireguard',
  persistentKeepaliveInterval: 25,
  dn42Ipv6LinkLocal: `${files.linkLocal}/64`,
};

const documentedConfig = { node: { ...node, asn: files.ownAsn }, bird, wireguard };

/** The node's ASN is only in `bird-config` there. */
const moenetCoreConfig = {
  node: { id: 1, name: 'jp1', region: 'as', location: 'Tokyo', provider: '' },
  bird,
  wireguard: { ...wireguard, dn42Ipv4: files.loopbackIpv4, dn42Ipv6: files.loopbackIpv6 },
  metric: { pingTimeout: 5, pingCount: 4, pingWorkers: 32 },
  autoUpdate: { enabled: false, checkInterval: 60, channel: 'stable', githubRepo: 'example/moenet-agent' },
};

function loopbacks(nodeId: number) {
  return {
    nodeId,
    nodeName: `node${nodeId}`,
    loopbackIpv4: `172.22.188.${nodeId}`,
    loopbackIpv6: files.nodeLoopback(nodeId),
    isRr: false,
  };
}
