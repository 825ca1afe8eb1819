import { describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseConfig } from '../../../../src/adapters/control-plane/parse/parse-config.js';
import { parseMesh } from '../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { fixture } from './fixture.js';

const absent = undefined;

/** Field (by its path) → what may come there → what it means, by the path in what was read. */
type Table = Readonly<Record<string, readonly (readonly [came: unknown, path: string, meant: unknown])[]>>;

const config: Table = {
  'node.id': [
    ['1', 'node.id', 1],
    [null, 'node.id', undefined],
    [absent, 'node.id', undefined],
  ],
  'node.name': [
    [7, 'node.id', 1],
    [null, 'node.id', 1],
  ],
  'node.provider': [['', 'node.id', 1]],
  'node.asn': [
    ['4242420998', 'node.asn', 4242420998],
    [4242420998, 'node.asn', 4242420998],
  ],
  'node.loopbackIpv4': [['172.22.188.9/32', 'node.loopbackIpv4', '172.22.188.9']],
  'node.loopbackIpv6': [['FD00::9/128', 'node.loopbackIpv6', 'fd00::9']],
  bird: [
    [null, 'bird.controlSocket', undefined],
    [absent, 'bird.controlSocket', undefined],
    [{ poolSize: '5' }, 'bird.controlSocket', undefined],
  ],
  'wireguard.persistentKeepaliveInterval': [
    ['25', 'wireguard.persistentKeepaliveSeconds', 25],
    [0, 'wireguard.persistentKeepaliveSeconds', 0],
    [null, 'wireguard.persistentKeepaliveSeconds', undefined],
  ],
  'wireguard.dn42Ipv4': [
    ['172.22.188.1/32', 'node.loopbackIpv4', '172.22.188.1'],
    [null, 'node.loopbackIpv4', undefined],
  ],
  'wireguard.dn42Ipv6': [['FD00:4242:7777:101:1:0:0:1/128', 'node.loopbackIpv6', 'fd00:4242:7777:101:1::1']],
  'wireguard.dn42Ipv6LinkLocal': [
    ['fe80::998:101:1:1', 'wireguard.ipv6LinkLocal', 'fe80::998:101:1:1'],
    ['fe80::998:101:1:1/64', 'wireguard.ipv6LinkLocal', 'fe80::998:101:1:1'],
    ['fe80::998:101:1:1%lo', 'wireguard.ipv6LinkLocal', 'fe80::998:101:1:1'],
    [absent, 'wireguard.ipv6LinkLocal', undefined],
  ],
  'metric.pingTimeout': [['5', 'metric.pingTimeoutSeconds', 5]],
  'metric.pingCount': [
    ['4', 'metric.pingCount', 4],
    [null, 'metric.pingCount', undefined],
  ],
  autoUpdate: [[absent, 'metric.pingCount', 4]],
  somethingNew: [[{ any: 'thing' }, 'node.id', 1]],
};

const birdConfig: Table = {
  configHash: [[123, 'node.id', 1]],
  'node.id': [['1', 'node.id', 1]],
  'node.type': [['rr', 'node.isRouteReflector', true]],
  'node.regionCode': [['101', 'node.id', 1]],
  'node.bandwidth': [[null, 'node.bandwidth', undefined]],
  'policy.dn42As': [
    ['4242420998', 'policy.asn', 4242420998],
    [4242420998, 'policy.asn', 4242420998],
  ],
  'policy.dn42Ipv4Prefix': [['172.22.188.5/26', 'policy.ipv4Prefix', '172.22.188.0/26']],
  'policy.dn42Ipv6Prefix': [['FD00:4242:7777::/48', 'policy.ipv6Prefix', 'fd00:4242:7777::/48']],
  'policy.rpkiServers': [
    [null, 'policy.rpkiServers', []],
    [absent, 'policy.rpkiServers', []],
    [
      [{ name: 5, host: 'rpki.example.net', port: '8082', extra: 1 }],
      'policy.rpkiServers',
      [{ name: '5', host: 'rpki.example.net', port: 8082 }],
    ],
  ],
  'policy.ebgpImportLimit': [['10000', 'policy.ebgpImportLimit', 10000]],
  'policy.ebgpExportLimit': [['5000', 'policy.ebgpExportLimit', 5000]],
  'policy.ibgpImportLimit': [['20000', 'policy.ibgpImportLimit', 20000]],
  'policy.ibgpExportLimit': [[null, 'policy.ibgpExportLimit', undefined]],
  'policy.asPathMaxLen': [['5', 'policy.asPathMaxLength', 5]],
  'policy.communities': [
    [{ region: { eu: ['64511', '41'] } }, 'policy.communities', { region: { eu: [64511, 41] } }],
    [null, 'policy.communities', {}],
  ],
  'policy.largeCommunities': [
    [
      { origin: { as: ['4242420998', 1, '100'] } },
      'policy.largeCommunities',
      { origin: { as: [4242420998, 1, 100] } },
    ],
    [absent, 'policy.largeCommunities', {}],
  ],
  ibgpPeers: [
    [null, 'ibgpPeers', []],
    [absent, 'ibgpPeers', []],
  ],
  'ibgpPeers.0.nodeId': [['2', 'ibgpPeers.0.nodeId', 2]],
  'ibgpPeers.0.isRr': [
    ['true', 'ibgpPeers.0.isRouteReflector', true],
    [1, 'ibgpPeers.0.isRouteReflector', true],
    [null, 'ibgpPeers.0.isRouteReflector', true],
  ],
  'ibgpPeers.0.loopbackIpv4': [[null, 'ibgpPeers.0.loopbackIpv4', undefined]],
  'ibgpPeers.0.loopbackIpv6': [['fd00::2/128', 'ibgpPeers.0.loopbackIpv6', 'fd00::2']],
  somethingNew: [[5, 'node.id', 1]],
};

const mesh: Table = {
  self: [
    [absent, 'peers.0.nodeId', 2],
    [null, 'peers.0.nodeId', 2],
  ],
  'peers.0.nodeId': [['2', 'peers.0.nodeId', 2]],
  'peers.0.nodeName': [
    [absent, 'peers.0.nodeName', 'node 2'],
    [5, 'peers.0.nodeName', '5'],
  ],
  'peers.0.regionCode': [
    ['101', 'peers.0.nodeId', 2],
    ['nowhere', 'peers.0.nodeId', 2],
    [null, 'peers.0.nodeId', 2],
  ],
  'peers.0.loopbackIpv4': [['172.22.188.2/32', 'peers.0.loopbackIpv4', '172.22.188.2']],
  'peers.0.loopbackIpv6': [[null, 'peers.0.loopbackIpv6', undefined]],
  'peers.0.publicKey': [
    ['', 'peers.0.publicKey', undefined],
    [null, 'peers.0.publicKey', undefined],
    [absent, 'peers.0.publicKey', undefined],
  ],
  'peers.0.endpoint': [
    ['', 'peers.0.endpoint', undefined],
    [null, 'peers.0.endpoint', undefined],
    [absent, 'peers.0.endpoint', undefined],
  ],
  'peers.0.mtu': [
    ['1380', 'peers.0.mtu', 1380],
    [0, 'peers.0.mtu', 1420],
    [null, 'peers.0.mtu', 1420],
    [absent, 'peers.0.mtu', 1420],
  ],
  'peers.0.isRr': [
    ['false', 'peers.0.isRouteReflector', false],
    [absent, 'peers.0.isRouteReflector', true],
  ],
  'peers.0.somethingNew': [[{}, 'peers.0.nodeId', 2]],
};

const documents: readonly [string, Table, (answer: unknown) => { refused?: readonly unknown[] }][] = [
  ['config', config, parseConfig],
  ['bird-config', birdConfig, parseBirdConfig],
  ['mesh', mesh, parseMesh],
];

describe.each(documents)('in %s', (call, table, parse) => {
  const cases = Object.entries(table).flatMap(([field, rows]) =>
    rows.map(([came, path, meant]) => ({ field, came, path, meant })),
  );

  it.each(cases)('$field may be $came', ({ field, came, path, meant }) => {
    const { data } = fixture(`moenet-core/${call}.json`) as { data: object };
    put(data, field.split('.'), came);
    const read = parse(data);
    expect(get(read, path.split('.'))).toEqual(meant);
    expect(read.refused).toEqual([]);
  });
});

type Tree = Record<string, unknown>;

function put(tree: object, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) put((tree as Tree)[key] as object, rest, value);
  else if (value === absent) delete (tree as Tree)[key];
  else (tree as Tree)[key] = value;
}

function get(tree: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Tree | undefined)?.[key], tree);
}
