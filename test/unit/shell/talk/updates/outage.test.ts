import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../../src/shell/ports/control-plane-error.js';
import { listWhatIsTold } from '../../pass/crash-node.js';
import {
  agent,
  calls,
  deleted,
  node,
  restartAgent,
  round,
  rounds,
  session,
  signal,
  useNode,
} from './told-node.js';

useNode();

describe('a control plane that is away for days', () => {
  it('gets the newest state of each session once when it is back, after a heartbeat', async () => {
    listWhatIsTold(node);
    const { controlPlane, host } = node;
    controlPlane.sessions = [session(1), session(2), session(3)];
    await round();
    controlPlane.sessions = [...controlPlane.sessions, session(4), session(5)].map((entry, index) =>
      index === 2 ? deleted(3) : entry,
    );
    await agent.refresh(['sessions'], signal);
    controlPlane.down = 'connection refused';
    const protocol = host.protocols.get('dn42_20001');
    for (let hour = 0; hour < 72; hour += 1) {
      if (protocol?.bgp) protocol.bgp = { ...protocol.bgp, state: hour % 2 === 0 ? 'Idle' : 'Established' };
      host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
      await round();
      host.breaks.clear();
      host.nowMs += 3_540_000;
    }
    calls.length = 0;
    host.nowMs += 3_600_000;
    controlPlane.down = undefined;
    await agent.pass();
    expect(calls).toEqual(['heartbeat', 's-3 deleted', 's-4 active', 's-5 active']);
    await rounds(3);
    expect(calls).toHaveLength(4);
  });

  it('gets the same from an agent that restarted in between', async () => {
    const { controlPlane } = node;
    controlPlane.sessions = [session(1), session(2)];
    await round();
    controlPlane.sessions = [session(1), deleted(2)];
    await agent.refresh(['sessions'], signal);
    controlPlane.down = 'connection refused';
    await agent.pass();
    calls.length = 0;
    await restartAgent();
    controlPlane.down = undefined;
    await round();
    expect(calls).toEqual(['heartbeat', 's-2 deleted']);
  });

  it('is asked once a pass, not once for each of hundreds of updates', async () => {
    node.controlPlane.sessions = Array.from({ length: 190 }, (_, index) => session(index + 1));
    await agent.refresh(['sessions'], signal);
    node.controlPlane.down = 'connection refused';
    await agent.pass();
    expect(calls).toEqual(['heartbeat']);
    await agent.pass();
    expect(calls).toEqual(['heartbeat', 'heartbeat']);
    node.controlPlane.down = undefined;
    for (let pass = 1; pass <= 4; pass += 1) await agent.pass();
    expect(calls).toHaveLength(3 + 190);
  });

  it('in the middle of many updates gets the rest of them later, each once', async () => {
    node.controlPlane.sessions = [1, 2, 3, 4].map((number) => session(number));
    const { postModify } = node.controlPlane;
    node.controlPlane.postModify = async (report, ...rest) => {
      if (report.uuid === 's-3') node.controlPlane.down = '502';
      await postModify(report, ...rest);
    };
    await round();
    node.controlPlane.postModify = postModify;
    node.controlPlane.down = undefined;
    await round();
    expect(calls).toEqual([
      'heartbeat',
      ...['s-1 active', 's-2 active', 's-3 active'],
      'heartbeat',
      ...['s-3 active', 's-4 active'],
    ]);
  });
});

it('a control plane that refuses only heartbeats still gets the updates', async () => {
  node.controlPlane.postHeartbeat = async () => {
    calls.push('heartbeat');
    throw new ControlPlaneError('POST heartbeat', { kind: 'server-error', reason: '500' });
  };
  await round();
  expect(calls).toEqual(['heartbeat', 'abc-123 active']);
});

it('a deleted session that is not listed any more is nobody to tell of', async () => {
  const { controlPlane, host } = node;
  controlPlane.sessions = [session(1), session(2, 'active')];
  await round();
  controlPlane.sessions = [session(1), deleted(2)];
  await agent.refresh(['sessions'], signal);
  // It does not answer the update, but when the change is to be confirmed.
  controlPlane.checkHealth = async () => undefined;
  controlPlane.down = 'connection refused';
  await agent.pass();
  controlPlane.down = undefined;
  controlPlane.sessions = [session(1)];
  calls.length = 0;
  await round();
  expect(calls).toEqual([]);
  expect([...host.wireguardTable.keys()]).toEqual(['wg_1']);
});

it('an update whose answer was lost is posted once more', async () => {
  listWhatIsTold(node);
  node.controlPlane.sessions = [session(1), session(2)];
  const { postModify } = node.controlPlane;
  let isLost = true;
  node.controlPlane.postModify = async (report, ...rest) => {
    await postModify(report, ...rest);
    if (isLost) throw new ControlPlaneError('POST modify', { kind: 'unreachable', reason: 'broke off' });
  };
  await round();
  isLost = false;
  await agent.pass();
  await rounds(3);
  expect(node.controlPlane.told.modify.map(({ uuid, status }) => `${uuid} ${status}`)).toEqual([
    's-1 active',
    's-1 active',
    's-2 active',
  ]);
});

it('a heartbeat that has to go first and does not get through is an error of the pass', async () => {
  node.controlPlane.down = 'unreachable';
  node.controlPlane.sessions = [session(1)];
  await agent.refresh(['sessions'], signal);
  const before = calls.length;
  const { errors } = await agent.pass();
  expect(errors).toEqual(['unreachable']);
  expect(calls.slice(before)).toEqual(['heartbeat']);
});
