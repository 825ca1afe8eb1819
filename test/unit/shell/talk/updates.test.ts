import { beforeEach, describe, expect, it } from 'vitest';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { rateLimit } from '../../../../src/adapters/control-plane/http/rate-limit.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { SessionStatus } from '../../../../src/core/model/session-status.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { ControlPlaneError, type FailureKind } from '../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';
import { listWhatIsTold } from '../pass/crash-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;
/** What the control plane was told or asked to take, in order. */
let calls: string[];

beforeEach(async () => {
  node = makeFakeNode();
  calls = [];
  const { controlPlane } = node;
  const { postModify, postHeartbeat } = controlPlane;
  controlPlane.postModify = async (report, ...rest) => {
    calls.push(`${report.uuid} ${report.status}`);
    await postModify(report, ...rest);
  };
  controlPlane.postHeartbeat = async (...args) => {
    calls.push('heartbeat');
    await postHeartbeat(...args);
  };
  agent = await node.startAgent();
});

async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  node.host.nowMs += 60_000;
}

async function rounds(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) await round();
}

function session(number: number, status: SessionStatus = 'queued-for-setup'): SessionEntry {
  const port = 20_000 + number;
  return makeEntry({
    uuid: `s-${number}`,
    interface: `wg_${number}`,
    listenPort: port,
    asn: port as never,
    status,
  });
}

function deleted(number: number): SessionEntry {
  return {
    kind: 'ignored',
    uuid: sessionId.parse(`s-${number}`),
    status: 'queued-for-delete',
    interface: undefined,
  };
}

function refuse(uuid: string, kind: FailureKind): void {
  const { postModify } = node.controlPlane;
  node.controlPlane.postModify = async (report, ...rest) => {
    if (report.uuid === uuid) {
      calls.push(`${uuid} refused`);
      throw new ControlPlaneError('POST modify', { kind, reason: kind });
    }
    await postModify(report, ...rest);
  };
}

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
    agent = await node.startAgent();
    controlPlane.down = undefined;
    await round();
    expect(calls).toEqual(['heartbeat', 's-2 deleted']);
  });

  it('is asked once a pass, not once for each of hundreds of updates', async () => {
    node.controlPlane.sessions = Array.from({ length: 300 }, (_, index) => session(index + 1));
    await agent.refresh(['sessions'], signal);
    node.controlPlane.down = 'connection refused';
    await agent.pass();
    expect(calls).toEqual(['heartbeat']);
    await agent.pass();
    expect(calls).toEqual(['heartbeat', 'heartbeat']);
    node.controlPlane.down = undefined;
    for (let pass = 1; pass <= 4; pass += 1) await agent.pass();
    expect(calls).toHaveLength(3 + 300);
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

describe('an answer to every 4', () => {
  const edited = (part: Parameters<typeof makeEntry>[0] = {}) => [
    makeEntry({ status: 'queued-for-setup', ...part }),
  ];

  it('a second and a third 4 after the list had shown the answer, each at the next pass', async () => {
    listWhatIsTold(node);
    node.controlPlane.sessions = edited();
    for (let count = 1; count <= 3; count += 1) {
      await round();
      expect(calls.filter((call) => call === 'abc-123 active')).toHaveLength(count);
      await round();
      node.controlPlane.sessions = edited();
    }
  });

  it('also where the agent restarted in between', async () => {
    listWhatIsTold(node);
    node.controlPlane.sessions = edited();
    await rounds(2);
    agent = await node.startAgent();
    node.controlPlane.sessions = edited();
    await round();
    expect(node.controlPlane.told.modify.map(({ status }) => status)).toEqual(['active', 'active']);
  });

  it('an edit within the minute, which the list never showed as answered: by its content', async () => {
    node.controlPlane.sessions = edited();
    await round();
    node.controlPlane.sessions = edited({ mtu: 1400 });
    await round();
    expect(node.host.linkTable.get('wg_24001')?.mtu).toBe(1400);
    expect(node.controlPlane.told.modify.map(({ status }) => status)).toEqual(['active', 'active']);
  });

  describe.each([
    { dialect: moenetCore, active: 2, failed: 6, says: true },
    // Its answers say nothing of the row; its lists show what it was told.
    { dialect: documented, active: 1, failed: 6, says: undefined },
  ] as const)(
    'edits in a row that change nothing here ($dialect.name)',
    ({ dialect, active, failed, says }) => {
      const codes = () =>
        node.controlPlane.told.modify.flatMap((report) =>
          dialect
            .modify(report, { nodeName: 'jp1', nowMs: 0 })
            .map(({ body }) => (body as { readonly status: number }).status),
        );
      const edit = async () => {
        node.controlPlane.sessions = edited();
        await round();
      };

      beforeEach(async () => {
        listWhatIsTold(node);
        const { postModify } = node.controlPlane;
        node.controlPlane.postModify = async (report) => {
          await postModify(report);
          return says;
        };
        await edit();
        // A list shows the answer.
        await round();
        expect(codes()).toEqual([active]);
      });

      it('are answered one by one, each at the next list', async () => {
        for (let count = 2; count <= 6; count += 1) {
          await edit();
          expect(codes()).toEqual(Array(count).fill(active));
        }
        await rounds(3);
        expect(codes()).toHaveLength(6);
      });

      it('are answered ever more rarely after the eleventh in a row', async () => {
        for (let count = 1; count <= 11; count += 1) await edit();
        expect(codes()).toEqual(Array(12).fill(active));
        for (let count = 1; count <= 9; count += 1) await edit();
        expect(codes()).toHaveLength(12);
        await edit();
        expect(codes()).toHaveLength(13);
        // Once a list has shown the answer, an edit is an edit.
        await round();
        await edit();
        await edit();
        expect(codes()).toEqual(Array(15).fill(active));
      });

      it('are set up again, also where that failed and would wait', async () => {
        node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
        node.host.linkTable.delete('wg_24001');
        node.host.wireguardTable.delete('wg_24001');
        await edit();
        await edit();
        await edit();
        expect(codes()).toEqual([active, failed, failed, failed]);
        node.host.breaks.clear();
        await edit();
        expect(codes().at(-1)).toBe(active);
      });
    },
  );

  it('the same failure is posted again, and the failed change is tried again at once', async () => {
    listWhatIsTold(node);
    node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    node.controlPlane.sessions = edited();
    await rounds(6);
    const failures = () => node.controlPlane.told.modify.filter(({ error }) => error === 'no /dev/net/tun');
    expect(failures()).toHaveLength(1);
    node.controlPlane.sessions = edited();
    await round();
    expect(failures()).toHaveLength(2);
    node.host.breaks.clear();
    node.controlPlane.sessions = edited();
    await round();
    expect(node.controlPlane.told.modify.at(-1)?.status).toBe('active');
  });

  it('a list that was requested before the update was accepted causes no new post', async () => {
    const { controlPlane } = node;
    const { postModify, fetchSessions } = controlPlane;
    controlPlane.postModify = async (...args) => {
      await postModify(...args);
      return true;
    };
    controlPlane.sessions = edited();
    await agent.refresh(['sessions'], signal);
    let send: () => void = () => undefined;
    controlPlane.fetchSessions = async (...args) => {
      const list = [...(await fetchSessions(...args))];
      await new Promise<void>((resolve) => {
        send = resolve;
      });
      return list;
    };
    const late = agent.refresh(['sessions'], signal);
    node.host.nowMs += 10;
    await agent.pass();
    send();
    await late;
    await agent.pass();
    expect(controlPlane.told.modify).toHaveLength(1);
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

describe('hundreds of updates', () => {
  it('do not hold up the passes: each posts some, and the next goes on', async () => {
    node.controlPlane.sessions = Array.from({ length: 250 }, (_, index) => session(index + 1));
    const counts: number[] = [];
    for (let pass = 1; pass <= 4; pass += 1) {
      await round();
      counts.push(calls.length);
    }
    expect(counts).toEqual([101, 201, 251, 251]);
    expect(new Set(calls).size).toBe(251);
  });

  it('are sent within the rate limit, one after another, and written down once a second', async () => {
    const reserve = rateLimit(240);
    const times: number[] = [];
    const { postModify } = node.controlPlane;
    node.controlPlane.postModify = async (...args) => {
      node.host.nowMs += reserve(node.host.nowMs);
      times.push(node.host.nowMs);
      await postModify(...args);
    };
    node.controlPlane.sessions = Array.from({ length: 600 }, (_, index) => session(index + 1));
    const { write } = node.state;
    let writes = 0;
    node.state.write = async (...args) => {
      writes += 1;
      await write(...args);
    };
    await agent.sync(signal);
    expect(new Set(calls).size).toBe(601);
    for (const [index, time] of times.entries()) {
      expect((times[index + 240] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(60_000);
    }
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    expect(writes).toBeLessThanOrEqual(seconds + 10);
  });

  it('sent in no time are written down at once', async () => {
    node.controlPlane.sessions = Array.from({ length: 600 }, (_, index) => session(index + 1));
    const { write } = node.state;
    let writes = 0;
    node.state.write = async (...args) => {
      writes += 1;
      await write(...args);
    };
    await agent.sync(signal);
    expect(writes).toBeLessThan(20);
    const told = calls.filter((call) => call !== 'heartbeat');
    agent = await node.startAgent();
    await round();
    expect(told).toHaveLength(600);
    expect(calls.filter((call) => call !== 'heartbeat')).toEqual(told);
  });
});
