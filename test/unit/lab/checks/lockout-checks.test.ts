import { describe, expect, it } from 'vitest';
import { lockoutChecks } from '../../../../src/lab/checks/lockout-checks.js';
import type { BirdConfiguration } from '../../../../src/lab/hosts/bird-configuration.js';
import { type Lockout, notRestored, type Running } from '../../../../src/lab/lockout.js';
import { lockoutStory } from '../../../../src/lab/report/lockout-story.js';

const bird: BirdConfiguration = {
  isBird3: false,
  loadedAtMs: 500,
  constants: new Map([['A', '1']]),
  files: new Map([
    ['bird.conf', 'router id 1;'],
    ['moenet-agent/policy.conf', 'define A = 1;'],
  ]),
};

const running: Running = {
  bird,
  connections: new Map([['AS4242421000', '[fe80::1]:179 [fe80::2]:4242']]),
  sessions: '1 BGP session, Established since 23:08:14',
};

const undone: Lockout = {
  node: { spec: { name: 'us1' } } as Lockout['node'],
  slip: { dn42Ipv4Prefix: '198.51.100.0/29' },
  before: running,
  after: running,
  filesOnTrial: bird.files,
  watch: { cameAtMs: [1000], leftAtMs: [8200], stop: () => {} },
  reason: 'the agent undid the new BIRD configuration: the control plane stopped answering',
};

const seen = async (lockout: Lockout) =>
  (await Promise.all(lockoutChecks(lockout).map((check) => check.test()))).filter(
    (found) => found !== undefined,
  );

it('finds nothing wrong where all is as before, and tells it in five lines', async () => {
  expect(await seen(undone)).toEqual([]);
  expect(lockoutStory(undone, '198.51.100.1')).toEqual([
    'before  1 BGP session, Established since 23:08:14',
    'loaded  for 120 s (configure timeout); no route to 198.51.100.1 any more',
    'undone  after 7.2 s; its 2 files as before, byte for byte',
    'status  the agent undid the new BIRD configuration: the control plane stopped answering',
    'after   1 BGP session, Established since 23:08:14',
  ]);
});

it('does not mind a latency that was measured since', async () => {
  const peer = (tier: string) => new Map([...bird.files, ['peers/dn42_4242421000.conf', `tier = ${tier};`]]);
  const before = { ...running, bird: { ...bird, files: peer('MOENET_TIER_0') } };
  const after = { ...running, bird: { ...bird, loadedAtMs: 20_000, files: peer('MOENET_TIER_1') } };
  expect(await seen({ ...undone, before, after, filesOnTrial: before.bird.files })).toEqual([]);
  expect(lockoutStory({ ...undone, before, after }, '198.51.100.1')[2]).toBe(
    'undone  after 7.2 s; its 3 files as before, but for the latency measured since',
  );
});

it('finds a node that stays cut off, files that stay, sessions that fell and silence', async () => {
  const after: Running = {
    ...running,
    bird: {
      ...bird,
      loadedAtMs: 900,
      constants: new Map([['A', '2']]),
      files: new Map([...bird.files, ['moenet-agent/policy.conf', 'define A = 2;']]),
    },
    connections: new Map([['AS4242421000', '[fe80::1]:179 [fe80::2]:4243']]),
  };
  const watch = { cameAtMs: [1000], leftAtMs: [], stop: () => {} };
  const lost = { ...undone, after, watch, reason: undefined };
  expect(await seen(lost)).toEqual([
    'not undone',
    'A = 2, before 1',
    'not as before: moenet-agent/policy.conf',
    'reset: AS4242421000',
    'nothing of it',
  ]);
  expect(lockoutStory(lost, '198.51.100.1').slice(2, 4)).toEqual([
    'undone  never; files not as before: moenet-agent/policy.conf',
    'status  says nothing of it',
  ]);
});

it('finds an undo that comes late', async () => {
  const watch = { cameAtMs: [1000], leftAtMs: [62_000], stop: () => {} };
  expect(await seen({ ...undone, watch })).toEqual(['undone after 61.0 s']);
});

it('finds files that were changed, or not looked at, while the policy was on trial', async () => {
  const filesOnTrial = new Map([...bird.files, ['moenet-agent/policy.conf', 'define A = 2;']]);
  expect(await seen({ ...undone, filesOnTrial })).toEqual([
    'not as before while the policy was on trial: moenet-agent/policy.conf',
  ]);
  expect(await seen({ ...undone, filesOnTrial: undefined })).toEqual([
    'not looked at while the policy was on trial',
  ]);
});

describe('BIRD runs what it ran', () => {
  const at = (loadedAtMs: number, isBird3: boolean) => notRestored(undone, { ...bird, loadedAtMs, isBird3 });
  const other = (loadedAtMs: number) =>
    `loaded at ${new Date(loadedAtMs).toISOString()}, which is no undo of that policy`;

  it('where BIRD 2 says the time from before the policy', () => {
    expect(at(499, false)).toBeUndefined();
    expect(at(8200, false)).toBe(other(8200));
  });

  it('where BIRD 3 says the time at which the route of the policy went', () => {
    expect(at(8195, true)).toBeUndefined();
    expect(at(999, true)).toBe(other(999));
    expect(at(9300, true)).toBe(other(9300));
  });

  it('and not where a constant has another value, whatever the time and the files', () => {
    expect(notRestored(undone, { ...bird, constants: new Map([['A', '2']]) })).toBe('A = 2, before 1');
  });
});
