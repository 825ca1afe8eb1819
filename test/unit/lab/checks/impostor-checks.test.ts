import { expect, it } from 'vitest';
import { impostorChecks } from '../../../../src/lab/checks/impostor-checks.js';
import type { ImpostorSeen } from '../../../../src/lab/impostor.js';
import { impostorStory } from '../../../../src/lab/report/impostor-story.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

const scenario = makeScenario();

const refused: ImpostorSeen = {
  told: { status: 'error', error: "198.51.100.1 is the control plane, not the neighbor's" },
  holders: [],
  isConfigured: false,
  way: 'eth0',
  routeChanges: 0,
  answers: [200, 200, 200],
  traffic: { handshakeSeconds: 0, receivedBytes: 0, sentBytes: 444 },
};

const wrong = async (seen: ImpostorSeen) =>
  (await Promise.all(impostorChecks(scenario, seen).map((check) => check.test()))).filter(
    (found) => found !== undefined,
  );

it('finds nothing wrong where the session was refused, and tells it in six lines', async () => {
  expect(await wrong(refused)).toEqual([]);
  expect(impostorStory(scenario, refused)).toEqual([
    'tried   AS4242421012 sent 444 bytes to jp1, port 24012, to open the tunnel',
    "told    error: 198.51.100.1 is the control plane, not the neighbor's",
    'system  no interface has 198.51.100.1; there is no tunnel or BGP protocol for AS4242421012',
    'route   jp1 reaches 198.51.100.1 by eth0; no route to it came or went',
    'calls   jp1 sent 3 requests to the control plane, which accepted 3',
    'token   AS4242421012 received 0 bytes through the tunnel, and there was no handshake',
  ]);
});

it('finds a session that was set up, and a node that talks to the peer instead', async () => {
  const taken: ImpostorSeen = {
    told: { status: 'active', error: undefined },
    holders: ['dn42_1012'],
    isConfigured: true,
    way: 'dn42_1012',
    routeChanges: 1,
    answers: [],
    traffic: { handshakeSeconds: 1_795_000_000, receivedBytes: 1200, sentBytes: 444 },
  };
  expect(await wrong(taken)).toEqual([
    'told: active (undefined)',
    'dn42_1012',
    'there is one',
    'changed 1 times',
    'no request',
    'there was a handshake',
  ]);
  expect(impostorStory(scenario, taken).slice(2)).toEqual([
    'system  dn42_1012 has 198.51.100.1; there is a tunnel or BGP protocol for AS4242421012',
    'route   jp1 reaches 198.51.100.1 by dn42_1012; its routes changed 1 times',
    'calls   jp1 sent 0 requests to the control plane, which accepted 0',
    'token   AS4242421012 received 1200 bytes through the tunnel, and there was a handshake',
  ]);
});

it('finds a refusal for another reason, a request that was refused, and a peer that did not try', async () => {
  expect(
    await wrong({
      ...refused,
      told: { status: 'error', error: 'port: 24012 is already used' },
      way: 'dn42_1000',
      answers: [200, 401],
      traffic: { ...refused.traffic, sentBytes: 0 },
    }),
  ).toEqual([
    'told: error (port: 24012 is already used)',
    'by dn42_1000',
    'a request was answered with 401',
    'it did not try to open the tunnel',
  ]);
});
