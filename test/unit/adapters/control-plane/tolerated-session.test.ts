import { describe, expect, it } from 'vitest';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { parseSessions } from '../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { findOwned } from '../../../../src/core/desired/owned.js';
import { desireSessions } from '../../../../src/core/desired/sessions.js';
import { bootstrap, makeObserved, nodeSettings } from '../../make.js';

const key = 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=';
const psk = 'wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=';
const absent = undefined;

const good = {
  uuid: 'abc-1',
  asn: 4242421080,
  status: 4,
  ipv6LinkLocal: 'fe80::2',
  interface: 'wg_24001',
  port: 24001,
  credential: key,
};

const withKey = (more: object) => ({ public_key: key, ...more });

/** Field → what may come there → what it means. */
const table: Readonly<Record<string, readonly (readonly [came: unknown, meant: object])[]>> = {
  uuid: [
    ['abc-1', { uuid: 'abc-1' }],
    [17, { uuid: '17' }],
  ],
  asn: [
    [4242421080, { asn: 4242421080 }],
    ['4242421080', { asn: 4242421080 }],
    [' 4242421080 ', { asn: 4242421080 }],
  ],
  status: [
    [4, { status: 'queued-for-setup' }],
    ['4', { status: 'queued-for-setup' }],
  ],
  description: [
    ['a neighbor', { description: 'a neighbor' }],
    [null, { description: '' }],
    [absent, { description: '' }],
    [5, { description: '' }],
    [['x'], { description: '' }],
  ],
  name: [
    ['AS4242421080', { description: 'AS4242421080' }],
    [null, { description: '' }],
  ],
  ipv4: [
    [null, { ipv4: undefined }],
    ['', { ipv4: undefined }],
    ['172.23.91.128', { ipv4: '172.23.91.128' }],
    ['172.23.91.128/32', { ipv4: '172.23.91.128' }],
    [' 172.23.91.128 ', { ipv4: '172.23.91.128' }],
  ],
  ipv6: [
    [null, { ipv6: undefined }],
    ['', { ipv6: undefined }],
    ['FD42:4242:2189:AC:0:0:0:1', { ipv6: 'fd42:4242:2189:ac::1' }],
    ['fd42:4242:2189:ac::1/64', { ipv6: 'fd42:4242:2189:ac::1' }],
    ['fe80::7', { ipv6: undefined, ipv6LinkLocal: 'fe80::7', ownIpv6: 'fe80::2' }],
    ['fe80::7%wg0', { ipv6: undefined, ipv6LinkLocal: 'fe80::7', ownIpv6: 'fe80::2' }],
    ['fe80::2', { ipv6: undefined, ipv6LinkLocal: 'fe80::2' }],
  ],
  ipv6LinkLocal: [
    ['fe80::2', { ipv6LinkLocal: 'fe80::2' }],
    ['fe80::2/64', { ipv6LinkLocal: 'fe80::2' }],
    ['fe80::2/128', { ipv6LinkLocal: 'fe80::2' }],
    ['fe80::2%wg_24001', { ipv6LinkLocal: 'fe80::2' }],
    ['fe80::2%wg_24001/64', { ipv6LinkLocal: 'fe80::2' }],
    ['fe80::2/64%wg_24001', { ipv6LinkLocal: 'fe80::2' }],
    ['FE80:0:0:0:0:0:0:2', { ipv6LinkLocal: 'fe80::2' }],
  ],
  type: [
    ['wireguard', { interface: 'wg_24001' }],
    ['WireGuard', { interface: 'wg_24001' }],
    [null, { interface: 'wg_24001' }],
    ['', { interface: 'wg_24001' }],
    [absent, { interface: 'wg_24001' }],
  ],
  extensions: [
    [['mp_bgp', 'extended_nexthop'], { mpBgp: true, extendedNextHop: true }],
    [['mp-bgp', 'extended-nexthop'], { mpBgp: true, extendedNextHop: true }],
    [['MP_BGP'], { mpBgp: true, extendedNextHop: false }],
    ['["mp_bgp","extended_nexthop"]', { mpBgp: true, extendedNextHop: true }],
    ['mp_bgp,extended-nexthop', { mpBgp: true, extendedNextHop: true }],
    [['add-path', 5, null, {}], { mpBgp: false, extendedNextHop: false }],
    [[], { mpBgp: false, extendedNextHop: false }],
    ['', { mpBgp: false, extendedNextHop: false }],
    [null, { mpBgp: false, extendedNextHop: false }],
    [absent, { mpBgp: false, extendedNextHop: false }],
  ],
  endpoint: [
    [absent, { endpoint: undefined }],
    [null, { endpoint: undefined }],
    ['', { endpoint: undefined }],
    ['192.0.2.80:24998', { endpoint: { host: '192.0.2.80', port: 24998, named: false } }],
    ['[2001:DB8::89]:20998', { endpoint: { host: '2001:db8::89', port: 20998, named: false } }],
    [' HK1.example.net:20998 ', { endpoint: { host: 'hk1.example.net', port: 20998, named: true } }],
  ],
  credential: [
    [key, { publicKey: key }],
    [` ${key}\n`, { publicKey: key }],
    [JSON.stringify(key), { publicKey: key }],
    [{ public_key: key }, { publicKey: key }],
    [{ publicKey: key }, { publicKey: key }],
    [{ pubkey: key }, { publicKey: key }],
    [JSON.stringify({ public_key: key }), { publicKey: key }],
    [JSON.stringify({ publicKey: key }), { publicKey: key }],
    [JSON.stringify({ pubkey: key }), { publicKey: key }],
    [withKey({ preshared_key: null }), { presharedKey: undefined }],
    [withKey({ presharedKey: '' }), { presharedKey: undefined }],
    [withKey({ preshared_key: psk }), { presharedKey: { reveal: expect.any(Function) } }],
    [withKey({ presharedKey: psk }), { presharedKey: { reveal: expect.any(Function) } }],
    [withKey({ psk }), { presharedKey: { reveal: expect.any(Function) } }],
    [withKey({ endpoint: '192.0.2.1:1' }), { endpoint: { host: '192.0.2.1', port: 1 } }],
    [withKey({ mtu: '1400' }), { mtu: 1400 }],
    [withKey({ listen_port: 21080 }), { listenPort: 24001 }],
    [withKey({ anything: {} }), { publicKey: key }],
  ],
  mtu: [
    [1400, { mtu: 1400 }],
    ['1400', { mtu: 1400 }],
    [0, { mtu: 1420 }],
    ['0', { mtu: 1420 }],
    [null, { mtu: 1420 }],
    [absent, { mtu: 1420 }],
  ],
  port: [
    [24001, { listenPort: 24001 }],
    ['24001', { listenPort: 24001 }],
    [0, { listenPort: 31080, isDefaultPort: true }],
    ['0', { listenPort: 31080, isDefaultPort: true }],
    [null, { listenPort: 31080, isDefaultPort: true }],
    [absent, { listenPort: 31080, isDefaultPort: true }],
  ],
  policy: [
    ['full', { policy: 'full' }],
    ['PEER', { policy: 'peer' }],
    [0, { policy: 'full' }],
    [1, { policy: 'peer' }],
    [2, { policy: 'upstream' }],
    ['3', { policy: 'downstream' }],
    [null, { policy: 'full' }],
    [absent, { policy: 'full' }],
  ],
  data: [
    [null, { uuid: 'abc-1' }],
    [{ any: ['thing'] }, { uuid: 'abc-1' }],
  ],
  lastError: [
    [null, { uuid: 'abc-1' }],
    [{}, { uuid: 'abc-1' }],
  ],
  somethingNew: [[{ nested: true }, { uuid: 'abc-1' }]],
};

function read(changes: object, dialect = documented) {
  const [entry] = parseSessions({ bgpSessions: [{ ...good, ...changes }] }, dialect);
  return entry?.kind === 'session' ? entry.session : entry;
}

describe.each(Object.entries(table))('a session whose %s', (field, cases) => {
  it.each(cases.map(([came, meant]) => ({ came, meant })))(
    'is $came is read all the same',
    ({ came, meant }) => {
      expect(read({ [field]: came })).toMatchObject(meant);
      expect(read({ [field]: came }, moenetCore)).toMatchObject(meant);
    },
  );
});

describe.each([0, '0', null, '', absent])('a session whose port is %j', (port) => {
  it.each(['listen_port', 'listenPort'])('has the one of the credential (%s)', (spelling) => {
    for (const listenPort of [21080, '21080'])
      expect(read({ port, credential: withKey({ [spelling]: listenPort }) })).toMatchObject({
        listenPort: 21080,
      });
  });
});

describe('a session whose address is our own', () => {
  const node = identifyNode('jp1', bootstrap, undefined);
  const owned = findOwned(makeObserved(), []);

  it.each([
    [{ ipv6LinkLocal: 'fe80::998:101:1:1' }, 'fe80::998:101:1:1'],
    [{ ipv6LinkLocal: 'fe80::998:101:1:1/64' }, 'fe80::998:101:1:1'],
    [{ ipv6LinkLocal: 'FE80::0998:0101:0001:0001' }, 'fe80::998:101:1:1'],
    [{ ipv6LinkLocal: 'fe80:0:0:0:998:101:1:1%wg_24001' }, 'fe80::998:101:1:1'],
    [{ ipv6LinkLocal: null, ipv6: 'fe80::998:101:1:1' }, 'fe80::998:101:1:1'],
    [{ ipv6: 'FD00:4242:7777:101:1:0:0:1/128' }, 'fd00:4242:7777:101:1::1'],
    [{ ipv4: '172.22.188.1/32' }, '172.22.188.1'],
  ])('is refused with a reason: %j', (changes, address) => {
    for (const dialect of [documented, moenetCore]) {
      const entries = parseSessions([{ ...good, ...changes }], dialect);
      expect(desireSessions(entries, { node, settings: nodeSettings, owned })).toMatchObject({
        sessions: [],
        refusals: [{ uuid: 'abc-1', reason: `${address} is this node's own address, not the neighbor's` }],
      });
    }
  });
});
