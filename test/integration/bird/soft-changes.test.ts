import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeObserved, noDesireMemory, v4 } from '../../unit/make.js';
import type { NodeAnswers } from './routers/node-answers.js';
import {
  everythingChanged,
  full,
  late,
  type Neighbor,
  peer,
  sessionItem,
  settled,
} from './routers/soft-changes-answers.js';
import { type ChangingNode, type Connections, openChangingNode } from './routers/soft-changes-node.js';

const soon = { timeout: 40_000, interval: 200 };
const running = [...settled.map(({ protocol }) => protocol), 'ibgp_2'];

let node: ChangingNode;

beforeAll(async () => {
  node = await openChangingNode();
  expect(await node.apply(node.answers)).toEqual({ kind: 'loaded' });
  await established(running);
  for (const each of settled)
    await eventually(() => accepted(each), expect.arrayContaining([...each.originated]));
});

afterAll(() => node.close());

function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  return vi.waitFor(async () => expect(await look()).toEqual(wanted), soon);
}

function established(names: readonly string[]): Promise<void> {
  return eventually(async () => Object.keys(await node.connections()).sort(), [...names].sort());
}

/** What the node has from the neighbor; what the neighbor has from the node. */
const accepted = ({ protocol }: Neighbor) => node.networks(`show route protocol ${protocol}`);
const sent = (to: Neighbor) => node.neighbor(to).networks('show route protocol node');
const both = (of: Neighbor) => [...of.originated, ...of.learned].sort();

/** The connections without their times, to be compared. */
const sockets = (connections: Connections) =>
  Object.fromEntries(Object.entries(connections).map(([name, { here, there }]) => [name, { here, there }]));

/** Applies a change, waits until it has taken effect, and finds every session of before on the connection it was on. */
async function changeSoftly(
  change: (answers: NodeAnswers) => NodeAnswers,
  effect: () => Promise<void>,
): Promise<void> {
  const before = await node.connections();
  const startMs = Date.now();
  expect(await node.apply(change(node.answers))).toEqual({ kind: 'loaded' });
  await effect();
  const after = await node.connections();
  expect(sockets(after)).toMatchObject(sockets(before));
  for (const name of Object.keys(before)) expect(after[name]?.upSinceMs).toBeLessThan(startMs);
}

const withPolicy = (changes: object) => (answers: NodeAnswers) => {
  const { policy, ...rest } = answers.birdConfig as { policy: object };
  return { ...answers, birdConfig: { ...rest, policy: { ...policy, ...changes } } };
};

const withSession = (of: Neighbor, changes: object) => (answers: NodeAnswers) => ({
  ...answers,
  sessions: { sessions: settled.map((each) => sessionItem(each, each === of ? changes : {})) },
});

describe('the detector of resets', () => {
  it('sees one session that is restarted, on both sides, and no other', async () => {
    const { [full.protocol]: was, ...others } = await node.connections();
    const startMs = Date.now();
    await node.ask(`restart ${full.protocol}`);
    await eventually(async () => (await node.connections())[full.protocol]?.here === was?.here, false);
    await established(running);
    const { [full.protocol]: is, ...rest } = await node.connections();
    expect(is?.here).not.toBe(was?.here);
    expect(is?.there).not.toBe(was?.there);
    expect(is?.upSinceMs).toBeGreaterThan(startMs);
    expect(sockets(rest)).toEqual(sockets(others));
  });

  it('sees the session that a change of its neighbor address restarts, and no other', async () => {
    const { [peer.protocol]: was, ...others } = await node.connections();
    await node.apply(withSession(peer, { ipv6LinkLocal: 'fe80::dead' })(node.answers));
    await eventually(async () => sockets(await node.connections()), sockets(others));
    await node.apply(withSession(peer, {})(node.answers));
    await established(running);
    expect((await node.connections())[peer.protocol]?.here).not.toBe(was?.here);
  });
});

describe('no session is reset by', () => {
  it('a description', async () => {
    await changeSoftly(withSession(full, { description: 'other words' }), async () => {
      const answer = await node.ask(`show protocols all ${full.protocol}`);
      expect(answer).toMatch(/Description: +other words/);
    });
  });

  it('an import limit', async () => {
    await changeSoftly(withPolicy({ ebgpImportLimit: 4321 }), async () => {
      const answer = await node.ask(`show protocols all ${full.protocol}`);
      expect(answer.match(/Import limit: +4321$/gm)).toHaveLength(2);
    });
  });

  it('a shorter AS path limit, which refuses accepted routes, and a longer one, which accepts them again', async () => {
    await eventually(() => accepted(full), both(full));
    await changeSoftly(withPolicy({ asPathMaxLen: 1 }), () =>
      eventually(() => accepted(full), [...full.originated].sort()),
    );
    await changeSoftly(withPolicy({ asPathMaxLen: 5 }), () => eventually(() => accepted(full), both(full)));
  });

  it('the policy of a session, which changes what is accepted and what is sent', async () => {
    await eventually(() => sent(full), expect.arrayContaining([...peer.originated]));
    await changeSoftly(withSession(full, { policy: 'peer' }), async () => {
      await eventually(() => accepted(full), [...full.originated].sort());
      await eventually(() => sent(full), expect.not.arrayContaining([...peer.originated]));
    });
    await changeSoftly(withSession(full, {}), async () => {
      await eventually(() => accepted(full), both(full));
      await eventually(() => sent(full), expect.arrayContaining([...peer.originated]));
    });
  });

  it('a latency tier, which marks the routes that the link brings', async () => {
    const marks = async () => {
      const answer = await node.ask(`show route ${full.originated[0]} all protocol ${full.protocol}`);
      return Array.from(answer.matchAll(/\(64511,([1-9])\)/g), ([, number]) => Number(number));
    };
    for (const tier of [0, 8, 3]) {
      const latencyTiers = { [`session-${full.name}`]: tier };
      await changeSoftly(
        (answers) => ({ ...answers, memory: { ...answers.memory, latencyTiers } }),
        () => eventually(marks, [tier + 1]),
      );
    }
  });

  it('a new resolver, whose network is no longer announced, and its removal', async () => {
    const [first = ''] = peer.originated;
    const surroundings = { controlPlane: [], resolvers: [v4(first)], rtrCaches: [] };
    await eventually(() => sent(full), expect.arrayContaining([first]));
    await changeSoftly(
      (answers) => ({ ...answers, surroundings }),
      () => eventually(() => sent(full), expect.not.arrayContaining([first])),
    );
    expect(await accepted(peer)).toContain(first);
    await changeSoftly(
      ({ surroundings: _, ...answers }) => answers,
      () => eventually(() => sent(full), expect.arrayContaining([first])),
    );
  });

  it('maintenance, which marks announced routes', async () => {
    const marked = async () => {
      const answer = await node.neighbor(full).ask(`show route ${peer.originated[0]} all protocol node`);
      return /\(65535, ?0\)/.test(answer);
    };
    for (const maintenance of [true, false]) {
      await changeSoftly(
        (answers) => ({ ...answers, memory: { ...answers.memory, maintenance } }),
        () => eventually(marked, maintenance),
      );
    }
  });

  it('a session that is drained, which marks what it is sent and makes it the last choice, and the end of that', async () => {
    const marked = async () => {
      const answer = await node.neighbor(full).ask(`show route ${peer.originated[0]} all protocol node`);
      return [/\(65535, ?0\)/.test(answer), /9004/.test(answer)];
    };
    const toOthers = async () => {
      const answer = await node.neighbor(peer).ask('show route 172.22.188.0/26 all protocol node');
      return /\(65535, ?0\)/.test(answer);
    };
    const isLast = async () => {
      const answer = await node.ask(`show route ${full.originated[0]} all protocol ${full.protocol}`);
      return /local_pref: 0$/m.test(answer);
    };
    const sinceSeconds = makeObserved().nowSeconds;
    const draining = {
      by: 'moenet-agent',
      phase: 'draining',
      sinceSeconds,
      drainedAtSeconds: sinceSeconds + 60,
    } as const;
    for (const disabled of [{ [String(sessionItem(full).uuid)]: draining }, {}]) {
      const isDraining = Object.keys(disabled).length > 0;
      await changeSoftly(
        (answers) => ({
          ...answers,
          memory: { ...answers.memory, sessions: { ...noDesireMemory.sessions, disabled } },
        }),
        () => eventually(marked, [isDraining, false]),
      );
      await eventually(isLast, isDraining);
      expect(await toOthers()).toBe(false);
    }
  });

  it('a bird-config that changes everything but prefixes, and one that reverts it', async () => {
    const former = node.answers;
    const tags = async () => {
      const answer = await node.neighbor(full).ask('show route 172.22.188.0/26 all protocol node');
      return Array.from(answer.matchAll(/\((64511,\d+|4242420998, \d+, \d+)\)/g), ([, tag]) => tag);
    };
    const tagsBefore = await tags();
    const limits = async () =>
      (await node.ask(`show protocols all ${full.protocol}`)).match(/limit: +\d+/g)?.length;
    await changeSoftly(everythingChanged, async () => {
      await eventually(tags, expect.arrayContaining(['64511,141', '64511,122']));
      expect(await node.ask(`show protocols all ${full.protocol}`)).toMatch(/Import limit: +7001$/m);
      expect(await node.ask('show protocols')).toMatch(/^ibgp_3 [\s\S]*RPKI|RPKI[\s\S]*^ibgp_3 /m);
    });
    expect(await limits()).toBe(6);
    await changeSoftly(
      () => former,
      () => eventually(tags, tagsBefore),
    );
    await eventually(() => node.ask('show protocols'), expect.not.stringContaining('ibgp_3'));
  });

  it('a session that is added and removed', async () => {
    const { sessions } = withSession(full, {})(node.answers).sessions;
    const more = { ...node.answers, sessions: { sessions: [...sessions, sessionItem(late)] } };
    await changeSoftly(
      () => more,
      () => established([...running, late.protocol]),
    );
    const before = await node.connections();
    expect(await node.apply({ ...more, sessions: { sessions } })).toEqual({ kind: 'loaded' });
    await established(running);
    const { [late.protocol]: _, ...others } = before;
    expect(sockets(await node.connections())).toEqual(sockets(others));
    await eventually(() => node.ask('show protocols'), expect.not.stringContaining(late.protocol));
  });
});
