import { beforeEach, describe, expect, it } from 'vitest';
import { documented } from '../../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { makeEntry } from '../../../make.js';
import { listWhatIsTold } from '../../pass/crash-node.js';
import { agent, calls, node, restartAgent, round, rounds, signal, useNode } from './told-node.js';

useNode();

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
    await restartAgent();
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
