import { describe, expect, it } from 'vitest';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { findDrift } from '../../../../src/adapters/control-plane/drift.js';
import { documentedAt, fakeServer } from './fake-server.js';
import { fixture } from './fixture.js';
import { speakingClient } from './speaking-client.js';

const calls = ['config', 'sessions', 'bird-config', 'mesh'] as const;

type Items = Record<string, unknown>[];

function moenetData(call: (typeof calls)[number]) {
  return (fixture(`moenet-core/${call}.json`) as { data: Record<string, unknown> }).data;
}

/** The drift of a session list whose first item is changed. */
function ofSession(changes: object) {
  const data = moenetData('sessions');
  Object.assign((data['bgpSessions'] as Items)[0] ?? {}, changes);
  return findDrift('sessions', JSON.parse(JSON.stringify(data)), moenetCore);
}

describe('drift', () => {
  it.each(calls)('is not in the example answers to %s', (call) => {
    expect(findDrift(call, moenetData(call), moenetCore)).toEqual([]);
    expect(findDrift(call, fixture(`documented/${call}.json`), documented)).toEqual([]);
  });

  it.each<[object, string, string]>([
    [{ port: '24001' }, 'port', 'a string, "24001"'],
    [{ name: 5 }, 'name', 'a number, 5'],
    [{ status: '4' }, 'status', 'a string, "4"'],
    [{ mtu: null }, 'mtu', 'null'],
    [{ extensions: 'mp_bgp' }, 'extensions', 'a string, "mp_bgp"'],
    [{ extensions: ['MP_BGP'] }, 'extensions', 'a string, "MP_BGP"'],
    [{ policy: 0 }, 'policy', 'a number, 0'],
    [{ ipv6LinkLocal: 'fe80::2/64' }, 'ipv6LinkLocal', 'a string, "fe80::2/64"'],
    [{ ipv6LinkLocal: 'fe80::2%wg0' }, 'ipv6LinkLocal', 'a string, "fe80::2%wg0"'],
    [{ endpoint: {} }, 'endpoint', 'an object'],
    [{ somethingNew: 'a value' }, '(unknown key)', 'somethingNew'],
    [{ ['x'.repeat(100)]: 1 }, '(unknown key)', `${'x'.repeat(60)}…`],
  ])('is what %j differs in', (changes, field, example) => {
    expect(ofSession(changes)).toEqual([{ field, count: 1, example }]);
  });

  it('is not what the dialect allows', () => {
    for (const changes of [
      { endpoint: null, credential: 'a bare key' },
      { extensions: ['mp-bgp', 'extended-nexthop'] },
      { credential: { publicKey: 'x', psk: null, listenPort: 5 } },
    ])
      expect(ofSession(changes)).toEqual([]);
  });

  it('is a key that is missing where all are promised, and not where none is', () => {
    expect(ofSession({ policy: undefined })).toEqual([{ field: 'policy', count: 1, example: 'nothing' }]);
    expect(findDrift('sessions', { sessions: [{ uuid: 'a' }] }, documented)).toEqual([]);
    expect(findDrift('sessions', [{ uuid: 'a', mtu: null }], documented)).toEqual([
      { field: 'mtu', count: 1, example: 'null' },
    ]);
  });

  it('is counted by field, over all items', () => {
    const data = moenetData('sessions');
    for (const session of data['bgpSessions'] as Items) session['asn'] = String(session['asn']);
    expect(findDrift('sessions', data, moenetCore)).toEqual([
      { field: 'asn', count: 5, example: 'a string, "4242421080"' },
    ]);
  });

  it('is what once stopped a fleet: an AS number as a number', () => {
    const data = moenetData('bird-config');
    Object.assign(data['policy'] as object, { dn42As: 4242420998 });
    expect(findDrift('bird-config', data, moenetCore)).toEqual([
      { field: 'policy.dn42As', count: 1, example: 'a number, 4242420998' },
    ]);
  });

  it('is also in a key that the agent does not use', () => {
    const data = moenetData('bird-config');
    Object.assign(data, { configHash: 5, node: { ...(data['node'] as object), regionCode: '101' } });
    expect(findDrift('bird-config', data, moenetCore)).toEqual([
      { field: 'configHash', count: 1, example: 'a number, 5' },
      { field: 'node.regionCode', count: 1, example: 'a string, "101"' },
    ]);
  });

  it('is not in a key that the agent reads though nobody promises it, unless its form is another', () => {
    const data = moenetData('bird-config');
    Object.assign(data['node'] as object, { isRr: false });
    Object.assign((data['ibgpPeers'] as Items)[0] ?? {}, { name: 5 });
    expect(findDrift('bird-config', data, moenetCore)).toEqual([
      { field: 'ibgpPeers.name', count: 1, example: 'a number, 5' },
    ]);
  });

  it('is found in each item of a list, under one name', () => {
    const data = moenetData('bird-config');
    const { rpkiServers } = data['policy'] as { rpkiServers: Items };
    for (const server of rpkiServers) Object.assign(server, { port: String(server['port']), weight: 1 });
    expect(findDrift('bird-config', data, moenetCore)).toEqual([
      { field: 'policy.rpkiServers.port', count: 2, example: 'a string, "8082"' },
      { field: '(unknown key)', count: 2, example: 'policy.rpkiServers.weight' },
    ]);
  });

  it('shows nothing of a credential but kinds', () => {
    const secret = 'wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=';
    const credentials = [
      { public_key: [secret], preshared_key: { secret }, listen_port: secret, mtu: secret, other: secret },
      JSON.stringify({ psk: [secret], listenPort: secret }),
      [secret],
    ];
    const drifts = credentials.flatMap((credential) => ofSession({ credential }));
    expect(drifts).toContainEqual({ field: 'credential.listen_port', count: 1, example: 'a string' });
    expect(drifts).toContainEqual({ field: '(unknown key)', count: 1, example: 'credential.other' });
    expect(JSON.stringify(drifts)).not.toContain(secret);
  });

  it.each([null, [], 5, 'x', {}, { bgpSessions: [null, 5, []] }, { policy: 5 }, { peers: 5 }])(
    'is found in %j, too',
    (answer) => {
      for (const call of calls) expect(findDrift(call, answer, moenetCore)).not.toContain(undefined);
    },
  );
});

describe('a client', () => {
  it('tells of the drift in each answer that it could read', async () => {
    const server = fakeServer(documentedAt());
    const { client, drifts } = speakingClient(server);
    await client.fetchConfig();
    expect(drifts).toEqual([]);
    server.serve = () => ({ json: { peers: [{ nodeId: '2' }], next: 1 } });
    await client.fetchMesh();
    expect(drifts).toEqual([
      { call: 'mesh', field: 'peers.nodeId', count: 1, example: 'a string, "2"' },
      { call: 'mesh', field: '(unknown key)', count: 1, example: 'next' },
    ]);
  });
});
