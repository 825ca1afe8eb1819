import { describe, expect, it } from 'vitest';
import { documented } from '../../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { WrongShapeError } from '../../../../../src/adapters/control-plane/parse/json.js';
import { parseSessions } from '../../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { listedStatus } from '../../../../../src/core/model/session.js';
import { fixture } from '../fixture.js';

const key = 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=';
const psk = 'wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=';

const good = {
  uuid: 'abc-1',
  asn: 4242421080,
  status: 4,
  ipv6LinkLocal: 'fe80::2',
  interface: 'wg_24001',
  port: 24001,
  credential: { publicKey: key },
};

const parse = (answer: unknown) => parseSessions(answer, documented);

function parseOne(changes: Record<string, unknown>) {
  const [entry, ...rest] = parse({ sessions: [{ ...good, ...changes }] });
  expect(rest).toEqual([]);
  if (entry === undefined) throw new Error('the item gave no entry');
  return entry;
}

function sessionOf(changes: Record<string, unknown>) {
  const entry = parseOne(changes);
  if (entry.kind !== 'session') throw new Error(JSON.stringify(entry));
  return entry.session;
}

function reasonOf(changes: Record<string, unknown>) {
  const entry = parseOne(changes);
  if (entry.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(entry)}`);
  return entry.reason;
}

describe('the documented answer', () => {
  const entries = parse(fixture('documented/sessions.json'));

  it('gives one entry per item, and ignores what may not be configured', () => {
    expect(entries.map((entry) => entry.kind)).toEqual([
      'session',
      'session',
      'ignored',
      'ignored',
      'ignored',
    ]);
    expect(entries.slice(2)).toMatchObject([
      { kind: 'ignored', uuid: 'abc-125', status: 'queued-for-delete', interface: 'wg_24003' },
      { kind: 'ignored', uuid: 'abc-126', status: 'pending-review', interface: 'wg_24004' },
      { kind: 'ignored', uuid: 'abc-127', status: 'disabled', interface: 'wg_24005' },
    ]);
  });

  it('gives every field of a session', () => {
    expect(entries[0]).toEqual({
      kind: 'session',
      session: {
        uuid: 'abc-123',
        status: 'queued-for-setup',
        asn: 4242421080,
        description: '',
        interface: 'wg_24001',
        listenPort: 24001,
        mtu: 1420,
        endpoint: { host: 'peer.example.net', port: 51820, named: true },
        publicKey: key,
        presharedKey: undefined,
        ipv4: undefined,
        ipv6: undefined,
        ipv6LinkLocal: 'fe80::1',
        ownIpv6: 'fe80::2',
        mpBgp: true,
        extendedNextHop: true,
        policy: 'full',
      },
    });
  });
});

describe("moenet-core's list", () => {
  const { data } = fixture('moenet-core/sessions.json') as { data: unknown };
  const entries = parseSessions(data, moenetCore);

  it('gives one entry per item in its own words, and refuses none', () => {
    expect(entries.map((entry) => [entry.kind, listedStatus(entry)])).toEqual([
      ['session', 'queued-for-setup'],
      ['session', 'active'],
      ['ignored', 'queued-for-delete'],
      ['ignored', 'pending-review'],
      ['ignored', 'disabled'],
    ]);
  });

  it('gives every field of a session, with the credential as JSON text', () => {
    const [first, entry] = entries;
    expect(first).toMatchObject({ session: { mpBgp: true, extendedNextHop: true, listenPort: 21080 } });
    if (entry?.kind !== 'session') throw new Error(JSON.stringify(entry));
    expect(entry.session).toMatchObject({
      ipv4: '172.23.91.128',
      ipv6: 'fd42:4242:2189:ac::1',
      ipv6LinkLocal: undefined,
      endpoint: { host: '2001:db8::89', port: 20998, named: false },
      mpBgp: false,
      extendedNextHop: false,
      policy: 'peer',
    });
    expect(entry.session.presharedKey?.reveal()).toBe(psk);
    expect(JSON.stringify(entry)).not.toContain(psk);
  });
});

describe('the list', () => {
  it.each([
    ['{sessions}', { sessions: [good] }],
    ['{bgpSessions}', { bgpSessions: [good] }],
    ['a bare list', [good]],
  ])('is taken from %s', (_name, answer) => {
    expect(parse(answer)).toMatchObject([{ kind: 'session' }]);
  });

  it('may be empty', () => {
    expect(parse({ sessions: [] })).toEqual([]);
  });

  it.each([
    ['null', null, 'the answer is nothing, not an object'],
    ['text', 'text', 'the answer is a string, not an object'],
    ['an empty object', {}, 'the answer has no list "sessions"'],
    ['an error', { error: 'x' }, 'the answer has no list "sessions"'],
    ['a list that is null', { sessions: null }, 'sessions is nothing, not a list'],
    ['a list that is an object', { sessions: {} }, 'sessions is an object, not a list'],
    [
      'a list beyond all measure',
      { sessions: Array(10_001).fill(0) },
      'sessions has 10001 items, more than 10000',
    ],
  ])('is never taken for empty where there is none: %s', (_name, answer, message) => {
    expect(() => parse(answer)).toThrow(new WrongShapeError(message));
  });
});

describe('a session', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'numbers as text',
      { asn: '4242421080', port: '24001', mtu: '1400', status: '1' },
      { asn: 4242421080, listenPort: 24001, mtu: 1400, status: 'active' },
    ],
    ['a numeric uuid', { uuid: 17 }, { uuid: '17' }],
    [
      'null like absent',
      { mtu: null, endpoint: null, extensions: null, policy: null, type: null },
      { mtu: 1420, endpoint: undefined, mpBgp: false, policy: 'full' },
    ],
    ['an empty endpoint', { endpoint: '' }, { endpoint: undefined }],
    [
      'the endpoint of the credential',
      { credential: { publicKey: key, endpoint: '192.0.2.1:1' } },
      { endpoint: { host: '192.0.2.1', port: 1, named: false } },
    ],
    ['the MTU of the credential', { credential: { publicKey: key, mtu: 1400 } }, { mtu: 1400 }],
    [
      'port 0 with a listen port in the credential',
      { port: 0, credential: { publicKey: key, listen_port: 21080 } },
      { listenPort: 21080 },
    ],
    [
      'no port with a listen port in the credential',
      { port: undefined, credential: { publicKey: key, listenPort: '21080' } },
      { listenPort: 21080 },
    ],
    [
      'port before the listen port of the credential',
      { credential: { publicKey: key, listen_port: 1 } },
      { listenPort: 24001 },
    ],
    ['a bare key as credential', { credential: ` ${key}\n` }, { publicKey: key }],
    ['a credential as JSON text', { credential: JSON.stringify({ public_key: key }) }, { publicKey: key }],
    ['a key as JSON text', { credential: JSON.stringify(key) }, { publicKey: key }],
    ['pubkey', { credential: { pubkey: key } }, { publicKey: key }],
    [
      'extensions with hyphens',
      { extensions: ['mp-bgp', 'extended-nexthop'] },
      { mpBgp: true, extendedNextHop: true },
    ],
    [
      'extensions with underscores',
      { extensions: ['mp_bgp', 'extended_nexthop'] },
      { mpBgp: true, extendedNextHop: true },
    ],
    ['extensions as text', { extensions: 'mp_bgp,other' }, { mpBgp: true, extendedNextHop: false }],
    ['unknown extensions', { extensions: ['add-path', 5, null] }, { mpBgp: false, extendedNextHop: false }],
    ['a policy by number', { policy: 2 }, { policy: 'upstream' }],
    ['a policy by number as text', { policy: '3' }, { policy: 'downstream' }],
    [
      'a link-local address with prefix length',
      { ipv6LinkLocal: 'fe80::0:2/64' },
      { ipv6LinkLocal: 'fe80::2' },
    ],
    [
      'a link-local address in ipv6 alone',
      { ipv6: 'fe80::7', ipv6LinkLocal: null },
      { ipv6: undefined, ipv6LinkLocal: 'fe80::7' },
    ],
    [
      'a link-local address in ipv6 beside another',
      { ipv6: 'fe80::1' },
      { ipv6: undefined, ipv6LinkLocal: 'fe80::1', ownIpv6: 'fe80::2' },
    ],
    ['the number of the AS as people write it', { asn: 'AS4242421080' }, { asn: 4242421080 }],
    ['the number of the AS in small letters', { asn: ' as4242421080 ' }, { asn: 4242421080 }],
    [
      'a preshared key of zeros',
      { credential: { publicKey: key, psk: `${'A'.repeat(43)}=` } },
      { presharedKey: undefined },
    ],
    ['type in capitals', { type: 'WireGuard' }, { interface: 'wg_24001' }],
    ['extra keys', { toString: 'x', constructor: {}, anything: [1] }, { asn: 4242421080 }],
    [
      'a hostile description',
      { description: 'a"; }\u202e\nprotocol\u0000 x' },
      { description: 'a ; } protocol x' },
    ],
    ['a name where there is no description', { name: 'AS1' }, { description: 'AS1' }],
  ])('is read with %s', (_name, changes, expected) => {
    expect(sessionOf(changes)).toMatchObject(expected);
  });

  it.each(['preshared_key', 'presharedKey', 'psk'])('takes %s as a secret', (spelling) => {
    const session = sessionOf({ credential: { publicKey: key, [spelling]: psk } });
    expect(session.presharedKey?.reveal()).toBe(psk);
  });

  it('is not touched by a __proto__ key', () => {
    const item = JSON.parse(`{"__proto__": {"mtu": 9000, "isAdmin": true}, ${JSON.stringify(good).slice(1)}`);
    expect(parse([item])).toMatchObject([{ kind: 'session', session: { mtu: 1420 } }]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('a session is refused', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ asn: undefined }, 'asn: is missing'],
    [{ asn: 0 }, 'asn: 0 is not an AS number from 1 to 4294967294'],
    [{ asn: {} }, 'asn: an object is not expected here'],
    [
      { interface: 'a/b' },
      'interface: "a/b" is not an interface name: 1 to 15 letters, digits, "_", "." or "-"',
    ],
    [
      { interface: 'sixteen_bytes_xx' },
      'interface: "sixteen_bytes_xx" is not an interface name: 1 to 15 letters, digits, "_", "." or "-"',
    ],
    [{ interface: null }, 'interface: is missing'],
    [{ asn: 'AS' }, 'asn: "AS" is not an AS number from 1 to 4294967294'],
    [{ asn: 'ASX' }, 'asn: "ASX" is not an AS number from 1 to 4294967294'],
    [{ port: 70000 }, 'port: 70000 is not a port from 1 to 65535'],
    [{ mtu: 40 }, 'mtu: 40 is not an MTU from 1280 to 9000'],
    [{ type: 'openvpn' }, 'type: "openvpn" is not supported, only "wireguard" is'],
    [{ type: 'gre' }, 'type: "gre" is not supported, only "wireguard" is'],
    [{ policy: 4 }, 'policy: 4 is none of full, peer, upstream, downstream (or 0 to 3)'],
    [{ extensions: 5 }, 'extensions: a number is not expected here'],
    [{ endpoint: 'nowhere' }, 'endpoint: "nowhere" is not host:port (IPv6 addresses in brackets)'],
    [
      { endpoint: '[fe80::1%eth0]:51820' },
      'endpoint: "[fe80::1%eth0]:51820" has a zone, which is valid on one machine only; give an address that other machines can reach, without "%" and the zone',
    ],
    [{ endpoint: 'a%b:51820' }, 'endpoint: "a%b:51820" is not host:port (IPv6 addresses in brackets)'],
    [
      { credential: { pubkey: null, psk } },
      "credential.publicKey: is missing; this node has not seen the session with a public key before; save the peer's public key again",
    ],
    [{ credential: `${'A'.repeat(43)}=` }, 'credential.publicKey: is all zeros, which is no key'],
    [{ credential: null }, 'credential.publicKey: is missing'],
    [{ credential: 'short' }, 'credential.publicKey: not a WireGuard key: 32 bytes in base64, 44 characters'],
    [
      { credential: { publicKey: key, psk: 'my secret' } },
      'credential.presharedKey: not a WireGuard key: 32 bytes in base64, 44 characters',
    ],
    [{ ipv6LinkLocal: null }, 'the neighbor has no address (ipv4, ipv6 or ipv6LinkLocal)'],
    [
      { ipv6LinkLocal: '2001:db8::1' },
      'ipv6LinkLocal: "2001:db8::1" is not a link-local address (fe80::/10)',
    ],
    [{ ipv4: '999.1.1.1' }, 'ipv4: "999.1.1.1" is not an IPv4 address'],
    [{ ipv4: '224.0.0.1' }, 'ipv4: "224.0.0.1" is not a host\'s address'],
    [{ status: 42 }, 'status: 42 is none of the documented protocol'],
    [{ status: null }, 'status: is missing'],
    [{ status: [4] }, 'status: a list is none of the documented protocol'],
  ])('alone, with a reason to act on: %j', (changes, reason) => {
    expect(reasonOf(changes)).toBe(reason);
  });

  it('with all of its problems, and with what is known of it', () => {
    expect(parseOne({ mtu: 40, port: 70000, ipv6LinkLocal: 'x', interface: 'wg_1' })).toEqual({
      kind: 'refused',
      uuid: 'abc-1',
      status: 'queued-for-setup',
      asn: 4242421080,
      interface: 'wg_1',
      reason:
        'port: 70000 is not a port from 1 to 65535; mtu: 40 is not an MTU from 1280 to 9000; ipv6LinkLocal: "x" is not an IPv6 address',
    });
  });

  it.each([undefined, null, '', 'a b', '../x', {}, 'x'.repeat(65)])(
    'without a uuid where that is %j',
    (uuid) => {
      expect(parseOne({ uuid, status: 0 })).toMatchObject({ kind: 'refused', uuid: undefined });
    },
  );

  it('while the others go on', () => {
    const kinds = parse([null, good, 5, [], { ...good, uuid: 'b', mtu: 40 }, { ...good, uuid: 'c' }]);
    expect(kinds.map((entry) => entry.kind)).toEqual([
      'refused',
      'session',
      'refused',
      'refused',
      'refused',
      'session',
    ]);
  });

  it('in one printable line, whatever was sent', () => {
    const reason = reasonOf({ endpoint: `\u0007\u202e\n${'x'.repeat(100_000)}`, type: '\u2028\u0085' });
    expect(reason).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(reason.length).toBeLessThan(900);
  });
});

describe('an item that may not be configured', () => {
  it.each([0, 3, 5])('is ignored without a look at the rest (status %j)', (status) => {
    const item = { uuid: 'abc-9', status, interface: '../../etc', mtu: 'x' };
    expect(parse([item])).toMatchObject([{ kind: 'ignored', uuid: 'abc-9', interface: undefined }]);
  });

  it.each([
    ['everything', { asn: '4242421080', credential: key, ipv6LinkLocal: 'fe80::2/64' }, [key, ['fe80::2']]],
    ['no key', { asn: 4242421080, credential: 'x', ipv4: '172.20.0.1' }, [undefined, ['172.20.0.1']]],
    ['no address', { asn: 4242421080, credential: { publicKey: key }, ipv4: 'x' }, [key, []]],
  ])('has with it whom it was with, as far as it says: %s', (_, item, [publicKey, addresses]) => {
    const peer = { asn: 4242421080, publicKey, addresses };
    expect(parse([{ uuid: 'abc-9', status: 0, ...item }])).toMatchObject([{ kind: 'ignored', peer }]);
  });

  it('has nobody with it where there is no ASN', () => {
    expect(parse([{ uuid: 'abc-9', status: 0, credential: key }])).toMatchObject([{ peer: undefined }]);
  });
});

describe('a list that is asked for again', () => {
  it('gives the same objects for rows that are as before, and reads the others', () => {
    const other = { ...good, uuid: 'abc-2', interface: 'wg_24002', port: 24002 };
    const before = parse([good, other]);
    const after = parse([{ ...good, status: 1 }, { ...other }]);
    expect(after[1]).toBe(before[1]);
    expect(after[0]).toMatchObject({ session: { uuid: 'abc-1', status: 'active' } });
    // The row of two lists ago is forgotten, and read anew.
    expect(parse([good])).toEqual([before[0]]);
  });

  it('reads each dialect by itself', () => {
    const item = { ...good, status: 2 };
    expect(parseSessions([item], documented).map(listedStatus)).not.toEqual(
      parseSessions([item], moenetCore).map(listedStatus),
    );
  });
});
