import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';
import { stateOf } from './crash-node.js';

const { signal } = new AbortController();
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const tunnel = (number: number) => `wg_2400${number}`;
const entry = (number: number) =>
  makeEntry({
    uuid: `abc-${number}`,
    interface: tunnel(number),
    listenPort: 24000 + number,
    asn: (4242420000 + number) as never,
  });
const all = numbers.map(entry);
/** Leaves out four of nine. */
const short = all.slice(0, 5);
const leftOut = numbers.slice(5);

describe.each(['full', 'include'] as const)(
  'a list that leaves out four of nine running sessions, %s mode',
  (birdMode) => {
    let node: FakeNode;
    let agent: Agent;

    beforeEach(async () => {
      node = makeFakeNode();
      node.birdMode = birdMode;
      node.controlPlane.sessions = all;
      agent = await node.startAgent();
      await round();
      node.controlPlane.sessions = short;
    });

    async function round(sessions: readonly SessionEntry[] = node.controlPlane.sessions): Promise<void> {
      node.controlPlane.sessions = sessions;
      await agent.refresh(['sessions'], signal);
      await agent.pass();
    }

    async function rounds(count: number): Promise<void> {
      for (let done = 0; done < count; done += 1) await round();
    }

    const running = () => numbers.filter((number) => node.host.linkTable.has(tunnel(number)));

    it('removes nothing before it has come five times, and all of the four then', async () => {
      const before = stateOf(node);
      for (let list = 1; list < 5; list += 1) {
        await round();
        expect(stateOf(node), `list ${list}`).toEqual(before);
        expect(agent.status().withheld).toHaveLength(4);
      }
      await round();
      expect(running()).toEqual(numbers.slice(0, 5));
      const texts = [...node.host.files.values()].join();
      expect(leftOut.filter((number) => texts.includes(`moenet-agent:abc-${number}\n`))).toEqual([]);
      const names = [...node.host.protocols.keys()];
      expect(names.filter((name) => name.startsWith('dn42_'))).toHaveLength(5);
      expect(agent.status().withheld).toEqual([]);
    });

    it('removes nothing in passes without a new list, however many, also where other answers come', async () => {
      await round();
      for (let pass = 0; pass < 10; pass += 1) {
        await agent.refresh(['mesh', 'birdConfig'], signal);
        await agent.pass();
      }
      expect(running()).toEqual(numbers);
    });

    it('removes what a resync with force was asked to believe, at once', async () => {
      await agent.sync(signal);
      expect(running()).toEqual(numbers);
      await agent.sync(signal, { force: true });
      expect(running()).toEqual(numbers.slice(0, 5));
    });

    it('is counted on after the agent was started again, which removes nothing either', async () => {
      await rounds(2);
      agent = await node.startAgent();
      const before = stateOf(node);
      // The first list after a start finds no pass that has seen what runs: it does not count.
      await rounds(3);
      expect(stateOf(node)).toEqual(before);
      await round();
      expect(running()).toEqual(numbers.slice(0, 5));
    });

    it('counts from the start when a list in between had them all, or leaves out others', async () => {
      await rounds(4);
      await round(all);
      await round(short);
      await round([...all.slice(0, 4), ...all.slice(8)]);
      await round(short);
      expect(running()).toEqual(numbers);
      await rounds(4);
      expect(running()).toEqual(numbers.slice(0, 5));
    });

    it('does not delay deletions by name, nor additions or changes', async () => {
      const deleted: SessionEntry = {
        kind: 'ignored',
        uuid: sessionId.parse('abc-1'),
        status: 'queued-for-delete',
        interface: interfaceName.parse(tunnel(1)),
      };
      const added = makeEntry({ uuid: 'abc-new', interface: 'wg_new', listenPort: 24100 });
      const changed = makeEntry({ uuid: 'abc-2', interface: tunnel(2), listenPort: 24002, mtu: 1400 });
      await round([deleted, changed, ...short.slice(2), added]);
      expect(running()).toEqual(numbers.slice(1));
      expect(node.host.linkTable.has('wg_new')).toBe(true);
      expect(node.host.linkTable.get(tunnel(2))?.mtu).toBe(1400);
    });
  },
);
