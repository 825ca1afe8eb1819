import { expect, it } from 'vitest';
import { type Owner, OwnerMap } from '../../../../../src/core/model/owner.js';
import { whyTrialWaits } from '../../../../../src/core/plan/operator-trial.js';
import { type NodePass, nodeVerdict } from '../../../../../src/core/verdict/node/node-verdict.js';
import { makeProtocol } from '../../../../../src/lab/simulated/machine/fake-bird.js';
import { makeObserved } from '../../../make.js';

const node: Owner = { kind: 'node' };
const device = makeProtocol('device1', 'device');
const ibgp = { ...makeProtocol('ibgp_2', 'bgp'), state: 'start', bgp: { state: 'Active', lastError: '' } };

const putOff = (owner?: Owner, reason?: string) => ({
  changes: [],
  putOff: owner ? [{ change: { owner }, reason }] : [],
});

function verdict(part: Partial<Record<keyof NodePass, unknown>> = {}, undoSeconds?: number) {
  const observed = makeObserved({
    bird: { running: true, version: '2.0.12', protocols: [device, ibgp], undoSeconds },
  } as never);
  const desired = {
    nodeProtocols: [
      { name: 'ibgp_2', type: 'bgp', owner: { kind: 'mesh', nodeId: 2 }, families: [], lack: '' },
    ],
    protocols: [],
    tunnels: [],
    loopback: { interface: 'dummy0', addresses: [] },
    refusesUnknownOrigins: false,
    files: [{ path: 'bird.conf', owner: { kind: 'node' } }],
    mesh: [{ nodeId: 2, reason: undefined }],
  };
  return nodeVerdict({
    desired,
    observed,
    failures: new OwnerMap(),
    remaining: putOff(),
    rejected: {},
    ...part,
  } as never as NodePass);
}

const silent = 'iBGP with node 2 is not established: Active';

it('failures of the node come before what it lacks, a refused file first, and each reason once', () => {
  const rejected = { 'bird.conf': 'BIRD refused it', 'peers/dn42_1.conf': 'of a session' };
  expect(verdict({ rejected, failures: new OwnerMap([[node, 'no dummy device']]) }).problems).toEqual([
    'BIRD refused it',
    'no dummy device',
  ]);
  expect(verdict({ rejected, remaining: putOff({ kind: 'node' }, 'BIRD refused it') }).failures).toEqual([
    'BIRD refused it',
  ]);
});

it('while BIRD does not answer, that is all that is known of it', () => {
  const observed = makeObserved({ bird: { running: false, reason: 'BIRD does not answer' } } as never);
  expect(verdict({ observed }).problems).toEqual(['BIRD does not answer']);
});

it('an operator’s trial is named once, if a change waits for it', () => {
  const trial =
    whyTrialWaits({
      bird: { running: true, version: '', protocols: [], undoSeconds: 60 },
      nowSeconds: makeObserved().nowSeconds,
    }) ?? '';
  expect(verdict({}, 60).problems).toEqual([]);
  expect(verdict({ remaining: putOff({ kind: 'mesh', nodeId: 2 }, trial) }, 60).problems).toEqual([trial]);
  expect(verdict({ remaining: putOff({ kind: 'node' }, trial) }, 60).problems).toEqual([trial]);
});

it('a mesh peer has its iBGP, what failed in this pass, and what waits since an earlier one', () => {
  const peer: Owner = { kind: 'mesh', nodeId: 2 };
  const waits = 'no /dev/net/tun';
  expect(verdict({ remaining: putOff({ kind: 'mesh', nodeId: 2 }, waits) }).mesh).toEqual([
    { nodeId: 2, bgp: 'Active', error: undefined, waits, silent: { words: silent, isUp: false } },
  ]);
  expect(verdict({ failures: new OwnerMap([[peer, waits]]) }).mesh).toMatchObject([
    { error: waits, waits: undefined },
  ]);
  const mesh = [{ nodeId: 2, reason: 'no key yet' }];
  expect(
    verdict({ desired: { nodeProtocols: [], protocols: [], tunnels: [], loopback: { addresses: [] }, mesh } })
      .mesh,
  ).toMatchObject([{ error: 'no key yet', bgp: undefined }]);
});

it('an iBGP peer without an error from BIRD is silent; a disabled one is a fault of its own', () => {
  const verdictWith = (protocol: object) => {
    const protocols = [device, { ...ibgp, ...protocol }];
    return verdict({ observed: makeObserved({ bird: { running: true, version: '', protocols } } as never) });
  };
  const idle = verdictWith({ bgp: { state: 'Idle' } });
  expect(idle.mesh[0]?.silent?.words).toBe('iBGP with node 2 is not established: Idle');
  expect(idle.problems).toEqual([]);
  const disabled = verdictWith({ state: 'down', bgp: undefined });
  expect(disabled.mesh[0]?.silent).toBeUndefined();
  expect(disabled.problems).toEqual([expect.stringMatching(/^BIRD's bgp protocol ibgp_2 is disabled/)]);
});
