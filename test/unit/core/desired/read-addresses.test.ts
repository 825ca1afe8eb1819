import { describe, expect, it } from 'vitest';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { parseSessions } from '../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { type Running, readAddresses } from '../../../../src/core/desired/read-addresses.js';
import { sessionTunnel } from '../../../../src/core/desired/session-tunnel.js';
import { formatAddress } from '../../../../src/core/model/artifacts.js';
import type { BirdProtocol } from '../../../../src/core/model/observed.js';
import { sessionProtocols } from '../../../../src/core/model/session-protocols.js';
import { fixture } from '../../adapters/control-plane/fixture.js';
import { bootstrap, peerKey } from '../../make.js';

const node = identifyNode('jp1', bootstrap, undefined);
const usual = 'fe80::998:101:1:1';
const nothing: Running = {
  observed: { bird: { running: true, version: '2.0.12', protocols: [] }, birdFiles: new Map() },
  owned: { protocols: new Map() },
  wereUp: new Set(),
  readings: {},
};

const row = {
  uuid: 'abc-123',
  asn: 4242421080,
  status: 4,
  interface: 'dn42_1080',
  port: 24001,
  credential: peerKey,
  extensions: ['mp_bgp', 'extended_nexthop'],
};

function readBoth(changes: object, running = nothing, dialect = documented) {
  const { entries, readings } = readAddresses(
    parseSessions([{ ...row, ...changes }], dialect),
    node,
    running,
  );
  const [entry] = entries;
  if (entry?.kind !== 'session') throw new Error(JSON.stringify(entry));
  return { session: entry.session, readings };
}

function read(...given: Parameters<typeof readBoth>) {
  return readBoth(...given).session;
}

/** Whom BGP speaks with, and our addresses on the tunnel besides the usual one and the loopbacks. */
function meaning(session: ReturnType<typeof read>) {
  const loopbacks: readonly (string | undefined)[] = [node.loopbackIpv4, node.loopbackIpv6];
  const { addresses } = sessionTunnel(session, node, 25);
  expect(addresses.map(formatAddress)).toContainEqual(expect.stringMatching(`^${usual}/`));
  return [
    sessionProtocols(session, '')
      .map(({ neighbor }) => neighbor)
      .join(),
    addresses
      .filter(({ local }) => local !== usual && !loopbacks.includes(local))
      .map(formatAddress)
      .join(),
  ];
}

describe.each([documented, moenetCore])('in the $name dialect', (dialect) => {
  it.each([
    ['fe80::1004', 'fe80::998', 'fe80::1004', 'fe80::998/64'],
    ['fe80::1004', 'fe80::5', 'fe80::1004', 'fe80::5/64'],
    ['fe80::1004', 'fd00:4242:7777:ffff::4', 'fe80::1004', 'fd00:4242:7777:ffff::4/128'],
    ['fe80::1004', null, 'fe80::1004', ''],
    ['fe80::1004', 'fe80::1004', 'fe80::1004', ''],
    ['fe80::1004', usual, 'fe80::1004', ''],
    ['fe80::1004', node.loopbackIpv6, 'fe80::1004', ''],
    ['fd42:1::1', null, 'fd42:1::1', ''],
    ['fd42:1::1', 'fe80::1004', 'fe80::1004', ''],
    ['fd42:1::1', 'fe80::998', 'fd42:1::1', 'fe80::998/64'],
    ['fd42:1::1', usual, 'fd42:1::1', ''],
    [null, 'fe80::1004', 'fe80::1004', ''],
    [null, 'fe80::998', 'fe80::998', ''],
    [usual, 'fe80::1004', 'fe80::1004', ''],
  ])('a row with ipv6 %s and ipv6LinkLocal %s: the neighbor is %s, ours besides is %j', (...given) => {
    const [ipv6, ipv6LinkLocal, neighbor, ours] = given;
    expect(meaning(read({ ipv6, ipv6LinkLocal }, nothing, dialect))).toEqual([neighbor, ours]);
  });
});

it('the rows of the live control plane end as its writers mean them', () => {
  const { data } = fixture('moenet-core/sessions-live.json') as { data: unknown };
  const { entries } = readAddresses(parseSessions(data, moenetCore), node, nothing);
  const ends = entries.map((entry) =>
    entry.kind === 'session'
      ? [...meaning(entry.session), entry.session.listenPort]
      : [entry.kind, entry.kind === 'refused' ? entry.reason : entry.status],
  );
  expect(ends).toEqual([
    ['fe80::1001', 'fe80::998/64', 31001],
    ['fd42:1002::1', '', 31002],
    ['fe80::1003', '', 31003],
    ['fe80::1004', 'fd00:4242:7777:ffff::4/128', 31004],
    ['refused', expect.stringContaining('credential.publicKey: is missing')],
    ['ignored', 'teardown'],
  ]);
});

function protocol(neighborAddress: string, channels: readonly string[], state = 'Established'): BirdProtocol {
  return {
    name: 'dn42_4242421080',
    proto: 'BGP',
    state: 'up',
    since: '',
    info: '',
    disabled: false,
    bgp: { state, neighborAddress, neighborAs: 4242421080, lastError: undefined },
    channels: channels.map((name) => ({ name, state: 'UP', routes: undefined })),
  };
}

function runningWith(one: BirdProtocol, part: Partial<Running> = {}): Running {
  return {
    ...nothing,
    observed: { ...nothing.observed, bird: { running: true, version: '2.0.12', protocols: [one] } },
    ...part,
  };
}

const both = ['ipv4', 'ipv6'];

describe('a session that runs with the other reading of its row', () => {
  const turned = { ipv6: 'fe80::998', ipv6LinkLocal: 'fe80::1004' };
  const withUla = { ipv6: 'fd42:1::1', ipv6LinkLocal: 'fe80::998' };

  it.each([
    ['with a zone', 'fe80::1004%dn42_1080'],
    ['without', 'fe80::1004'],
  ])('stays while BGP is Established: %s', (_, address) => {
    expect(meaning(read(turned, runningWith(protocol(address, both))))).toEqual(['fe80::1004', '']);
  });

  it('stays up if its neighbor has an address that looks like ours', () => {
    const running = runningWith(protocol('fe80::998%dn42_1080', both));
    expect(meaning(read(withUla, running))).toEqual(['fe80::998', '']);
  });

  const file = '# moenet-agent:abc-123\nprotocol bgp x {\n    neighbor fe80::1004 as 4242421080;\n}\n';
  const down = runningWith(protocol('fe80::1004%dn42_1080', both, 'Connect'), {
    owned: { protocols: new Map([['abc-123', 'dn42_4242421080']]) } as never,
    wereUp: new Set(['abc-123']),
  });
  const birdFiles = new Map([['peers/dn42_4242421080.conf', file]]);

  it('goes on when it is down for a while, and when BIRD does not answer', () => {
    for (const bird of [down.observed.bird, { running: false, reason: 'gone' } as const])
      expect(meaning(read(turned, { ...down, observed: { bird, birdFiles } }))[0]).toBe('fe80::1004');
  });

  it('goes on until one of its addresses is edited, whatever else is, and whether BGP is up or not', () => {
    const { readings } = readBoth(turned, runningWith(protocol('fe80::1004%dn42_1080', both)));
    const later = { ...nothing, readings };
    expect(meaning(read({ ...turned, mtu: 1400 }, later))).toEqual(['fe80::1004', '']);
    const edited = { ...turned, ipv6: 'fe80::999' };
    const running = { ...runningWith(protocol('fe80::1004%dn42_1080', both)), readings };
    expect(meaning(read(edited, running))).toEqual(['fe80::999', 'fe80::1004/64']);
  });

  it('is remembered under any uuid', () => {
    for (const uuid of ['constructor', 'toString']) {
      const { readings } = readBoth({ ...turned, uuid });
      expect(JSON.parse(JSON.stringify(Object.entries(readings)))).toEqual([
        [uuid, { addresses: expect.any(String), isTurned: false }],
      ]);
    }
  });

  it('applies the first time only: a row that is edited so later means what it says', () => {
    const { readings } = readBoth({ ipv6LinkLocal: 'fe80::1004' });
    const running = { ...runningWith(protocol('fe80::1004%dn42_1080', both)), readings };
    expect(meaning(read(turned, running))).toEqual(['fe80::998', 'fe80::1004/64']);
  });

  it.each<[string, Running]>([
    ['never came up', { ...down, observed: { ...down.observed, birdFiles }, wereUp: new Set() }],
    ['has no file that says so', down],
    ['speaks with the address over another tunnel', runningWith(protocol('fe80::1004%wg_2', both))],
  ])('is read by the rule if it %s', (_, running) => {
    expect(meaning(read(turned, running))).toEqual(['fe80::998', 'fe80::1004/64']);
  });
});

describe('a protocol that could carry a second family', () => {
  const ipv4 = { ipv4: '172.23.91.128', extensions: ['mp_bgp'] };
  const families = (running: Running, status = 1, changes: object = ipv4) =>
    sessionProtocols(read({ ...changes, status }, running), '').map((one) => one.families.join());

  it('gets it by itself, and keeps the one while BGP is Established with that one', () => {
    expect(families(nothing)).toEqual(['ipv4,ipv6']);
    expect(families(runningWith(protocol('172.23.91.128', ['ipv4'])))).toEqual(['ipv4']);
    expect(families(runningWith(protocol('172.23.91.128', ['ipv4'], 'Active')))).toEqual(['ipv4,ipv6']);
    expect(families(runningWith(protocol('172.23.91.128', both)))).toEqual(['ipv4,ipv6']);
  });

  it('gets it with the next edit of the row, which resets it anyhow', () => {
    expect(families(runningWith(protocol('172.23.91.128', ['ipv4'])), 4)).toEqual(['ipv4,ipv6']);
  });

  it('does so also if only an extended next hop is asked for', () => {
    const changes = { ipv6LinkLocal: 'fe80::2', extensions: ['extended_nexthop'] };
    expect(families(nothing, 1, changes)).toEqual(['ipv4,ipv6']);
    expect(families(runningWith(protocol('fe80::2%dn42_1080', ['ipv6'])), 1, changes)).toEqual(['ipv6']);
  });
});
