import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../../src/shell/ports/control-plane-error.js';
import { makeEntry } from '../../../make.js';
import { agent, calls, deleted, node, refuse, round, rounds, session, signal, useNode } from './told-node.js';

useNode();

describe('an update that the control plane does not want', () => {
  it.each(['unknown-node', 'rejected'] as const)(
    '(%s) does not hold up the others, nor is it an outage',
    async (kind) => {
      refuse('s-1', kind);
      node.controlPlane.sessions = [session(1), session(2)];
      await round();
      expect(calls).toEqual(['heartbeat', 's-1 refused', 's-2 active']);
      expect(agent.status().controlPlane).toMatchObject({ reachable: true });
      expect(node.problems).toContain(
        `update of session s-1: the control plane did not accept its status: POST modify: ${kind}`,
      );
    },
  );

  it('is tried again with growing pauses, and at a resync', async () => {
    refuse('s-1', 'rejected');
    node.controlPlane.sessions = [session(1)];
    for (let tenth = 0; tenth < 72; tenth += 1) {
      await round();
      node.host.nowMs += 540_000;
    }
    const tries = calls.filter((call) => call === 's-1 refused').length;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    await agent.sync(signal);
    expect(calls.filter((call) => call === 's-1 refused')).toHaveLength(tries + 1);
  });

  it('is a problem for as long as its session is listed', async () => {
    const refused = 'session s-1 (AS20001): the control plane did not accept its status';
    refuse('s-1', 'rejected');
    node.controlPlane.sessions = [session(1), session(2)];
    await round();
    expect(agent.status().problems.join()).toContain(refused);
    node.controlPlane.sessions = [session(2)];
    await round();
    expect(agent.status().problems.join()).not.toContain(refused);
  });
});

describe('an update that the control plane takes at the second try', () => {
  async function takeAtSecondTry(): Promise<void> {
    const { postModify } = node.controlPlane;
    node.controlPlane.sessions = [session(1)];
    refuse('s-1', 'rejected');
    await round();
    node.controlPlane.postModify = postModify;
    await round();
  }

  it('is no problem from then on', async () => {
    await takeAtSecondTry();
    expect(calls).toContain('s-1 active');
    expect(agent.status().problems.filter((each) => each.includes('did not accept'))).toEqual([]);
  });

  it('leaves all of it in the events, with the names of the session', async () => {
    await takeAtSecondTry();
    const known = { uuid: 's-1', asn: 20001, interface: 'wg_1', name: 'a neighbor' };
    const told = (await node.events.read()).filter(({ text }) => /status|told|again/.test(text));
    expect(told.map(({ text, session: named }) => [text, named])).toEqual([
      ['the control plane did not accept its status: POST modify: rejected', known],
      ['told the control plane that it is active', known],
      ['works again', known],
    ]);
  });
});

describe('an update that the control plane answers with updated: false', () => {
  const words = 'the control plane did not change the row: invalid transition';
  const reason = `POST modify: ${words}`;
  const refuseAll = () => {
    node.controlPlane.postModify = async () => {
      calls.push('refused');
      throw new ControlPlaneError('POST modify', { kind: 'rejected', reason: words });
    };
  };

  it('is refused: status says so, and the agent posts it again with growing pauses', async () => {
    refuseAll();
    node.controlPlane.sessions = [session(1)];
    await round();
    expect(agent.status().problems).toContain(
      `session s-1 (AS20001): the control plane did not accept its status (${reason}); the agent posts it again, less and less often`,
    );
    await rounds(60);
    expect(calls.filter((call) => call === 'refused').length).toBeLessThan(8);
  });

  it('ends when the list already shows the status', async () => {
    refuseAll();
    node.controlPlane.sessions = [session(1)];
    await round();
    node.controlPlane.sessions = [session(1, 'active')];
    await round();
    expect(agent.status().problems.filter((each) => each.includes('did not take'))).toEqual([]);
  });

  it('is posted at once where the row is edited in between', async () => {
    refuseAll();
    node.controlPlane.sessions = [session(1)];
    await round();
    node.controlPlane.sessions = [makeEntry({ ...(session(1) as { session: object }).session, mtu: 1400 })];
    await round();
    expect(calls.filter((call) => call === 'refused')).toHaveLength(2);
  });
});

it('a row that is gone already counts as deleted', async () => {
  const { controlPlane } = node;
  controlPlane.sessions = [session(1), deleted(2)];
  refuse('s-2', 'unknown-node');
  await round();
  expect(agent.status().problems.filter((each) => each.includes('s-2'))).toEqual([]);
  await rounds(3);
  expect(calls.filter((call) => call === 's-2 refused')).toHaveLength(1);
});

it('an accepted update that the list does not show is posted again, with growing pauses', async () => {
  const { controlPlane } = node;
  controlPlane.sessions = [session(1)];
  const poll = async () => {
    controlPlane.sessions = [...controlPlane.sessions];
    await round();
  };
  for (let count = 0; count < 10; count += 1) await poll();
  expect(controlPlane.told.modify).toHaveLength(1);
  for (let count = 0; count < 160; count += 1) await poll();
  expect(controlPlane.told.modify.length).toBe(1 + 4);
});
