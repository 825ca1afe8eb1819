import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Desired } from '../../../src/core/desired/desired.js';
import type { OperatorOptions } from '../../../src/core/desired/options/operator-options.js';
import type { BirdFile } from '../../../src/core/model/artifacts.js';
import { formatMark } from '../../../src/core/model/owner.js';
import type { SessionOptions } from '../../../src/core/model/session-options.js';
import { Secret } from '../../../src/core/model/values/secret.js';
import { describeTextChange } from '../../../src/core/plan/text-change.js';
import { noDesireMemory } from '../../unit/make.js';
import type { NodeAnswers } from './routers/node-answers.js';
import { full, neighborsFile, peer, sessionItem, settled } from './routers/soft-changes-answers.js';
import { type ChangingNode, openChangingNode } from './routers/soft-changes-node.js';

const soon = { timeout: 60_000, interval: 200 };
const running = [...settled.map(({ protocol }) => protocol), 'ibgp_2'];
const password = 'hunter2 #{;}';

let node: ChangingNode;

beforeAll(async () => {
  node = await openChangingNode();
  expect(await node.apply(node.answers)).toEqual({ kind: 'loaded' });
  await established(running);
});

afterAll(() => node.close());

async function established(names: readonly string[]): Promise<void> {
  await eventually(async () => Object.keys(await node.connections()).sort(), [...names].sort());
}

function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  return vi.waitFor(async () => expect(await look()).toEqual(wanted), soon);
}

const socketsNow = async () =>
  Object.fromEntries(
    Object.entries(await node.connections()).map(([name, { here, there }]) => [name, { here, there }]),
  );

/** The operator's file has these for the neighbor `full`. */
const ofFile = (options: SessionOptions) => (answers: NodeAnswers) => {
  const one: OperatorOptions = { key: `AS${full.as}`, asn: full.as, uuid: undefined, options };
  return { ...answers, settings: { sessions: [one] } };
};

/** The control plane has these for it. */
const ofData = (data: object) => (answers: NodeAnswers) => ({
  ...answers,
  sessions: { sessions: settled.map((each) => sessionItem(each, each === full ? { data } : {})) },
});

/** What the neighbor has of our own block: its AS path and its MED. */
async function announced(): Promise<readonly (string | undefined)[]> {
  const answer = await node.neighbor(full).ask('show route 172.22.188.0/26 all protocol node');
  return [/(?:as|bgp)_path: (.*)/, /(?:BGP\.|bgp_)med: (\d+)/].map((line) => line.exec(answer)?.[1]?.trim());
}

async function preference(): Promise<string | undefined> {
  const answer = await node.ask(`show route ${full.originated[0]} all protocol ${full.protocol}`);
  return /local_pref: (\d+)/.exec(answer)?.[1];
}

async function limits(): Promise<readonly string[]> {
  const answer = await node.ask(`show protocols all ${full.protocol}`);
  return [...answer.matchAll(/(Receive|Import|Export) limit: +(\d+)/g)].map(
    ([, what, number]) => `${what} ${number}`,
  );
}

describe('no session is reset by its own', () => {
  it.each([
    [
      'file',
      ofFile({ prepend: 2, med: 77, localPreference: 321, importLimit: 1234, exportLimit: 2345 }),
      '321',
    ],
    [
      'data',
      ofData({ prepend: 2, med: 77, localPreference: 32, importLimit: 1234, exportLimit: 2345 }),
      '32',
    ],
  ])('prepend, MED, local preference and limits in the %s', async (_, change, preferred) => {
    const before = await socketsNow();
    const usual = await preference();
    const answers = node.answers;
    expect(await node.apply(change(answers))).toEqual({ kind: 'loaded' });
    await eventually(announced, ['4242420998 4242420998 4242420998', '77']);
    await eventually(preference, preferred);
    const three = ['Receive 1234', 'Import 1234', 'Export 2345'];
    expect(await limits()).toEqual([...three, ...three]);
    expect(await socketsNow()).toEqual(before);

    expect(await node.apply(answers)).toEqual({ kind: 'loaded' });
    await eventually(announced, ['4242420998', undefined]);
    await eventually(preference, usual);
    expect(await socketsNow()).toEqual(before);
  });

  it('narrower policy in the data; a wider one changes nothing', async () => {
    const before = await socketsNow();
    const answers = node.answers;
    const accepted = () => node.networks(`show route protocol ${full.protocol}`);
    const all = [...full.originated, ...full.learned].sort();
    await eventually(accepted, all);
    await node.apply(ofData({ policy: 'peer' })(answers));
    await eventually(accepted, [...full.originated].sort());
    await node.apply(ofData({ policy: 'upstream' })(answers));
    await eventually(accepted, all);
    expect(await socketsNow()).toEqual(before);
    await node.apply(answers);
  });
});

const pathOfFull = `peers/${full.protocol}.conf`;
const fileOf = (files: readonly BirdFile[]) => {
  const file = files.find(({ path }) => path === pathOfFull);
  if (!file) throw new Error('no file');
  return file;
};

describe('what resets a session', () => {
  it('waits until it is down, or an operator resets it; a password works, and nobody reads it', async () => {
    const before = await socketsNow();
    const answers = node.answers;
    const options = { holdTime: 30, password: new Secret(password), addPaths: 'rx', bfd: true } as const;
    const files = await node.applyOver({}, ofFile(options)(answers));
    expect(fileOf(files).pending).toEqual(
      expect.arrayContaining([
        'hold time 30',
        'keepalive time 10',
        'a password',
        'bfd on',
        'ipv4: add paths rx',
      ]),
    );
    expect(JSON.stringify(fileOf(files).pending)).not.toContain('hunter2');
    expect(await socketsNow()).toEqual(before);

    await node.neighbor(full).configure({
      'bird.conf': neighborsFile(full).replace('local as', `password "${password}"; local as`),
    });
    const reset = await node.applyOver({ reset: new Set([formatMark(fileOf(files).owner)]) });
    await established(running);
    expect(await node.ask(`show protocols all ${full.protocol}`)).toMatch(/Hold timer: +[\d.]+\/30/);
    expect((await socketsNow())[full.protocol]).not.toEqual(before[full.protocol]);
    expect((await socketsNow())[peer.protocol]).toEqual(before[peer.protocol]);
    expect(await node.ask('show bfd sessions')).toContain(full.address);
    const { content } = fileOf(reset);
    expect(content).toContain(`password "${password}"`);
    expect(describeTextChange(fileOf(files).content, content)).not.toContain('hunter2');
    expect(await node.modeOf(pathOfFull)).toBe(0o640);
    expect(fileOf(await node.applyOver()).pending).toBeUndefined();

    const other = await node.applyOver({}, ofFile({ ...options, password: new Secret('another') })(answers));
    expect(fileOf(other).pending).toEqual(['password changed']);
    expect(fileOf(other).content).toContain(`password "${password}"`);
    await established(running);
  });
});

describe('a session that its option shuts down', () => {
  it('is drained first, then its BGP is disabled and no other', async () => {
    const answers = ofFile({ shutdown: true })(node.answers);
    const before = await socketsNow();
    expect(phases(await node.wanted(answers))).toEqual({ [`session-${full.name}`]: 'draining' });
    const disabled = {
      [`session-${full.name}`]: { by: 'moenet-agent', isShutdown: true, phase: 'off', sinceSeconds: 5 },
    } as const;
    const memory = { ...answers.memory, sessions: { ...noDesireMemory.sessions, disabled } };
    await node.applyOver({}, { ...answers, memory });
    await eventually(
      async () => Object.keys(await socketsNow()).sort(),
      running.filter((name) => name !== full.protocol).sort(),
    );
    expect(await socketsNow()).toEqual(withoutFull(before));
    const without = await node.wanted({ ...answers, memory, settings: {} });
    expect(phases(without)).toEqual({ [`session-${full.name}`]: 'returning' });
  });
});

function withoutFull({ [full.protocol]: _, ...others }: Readonly<Record<string, unknown>>) {
  return others;
}

function phases({ sessions }: Desired) {
  return Object.fromEntries(
    sessions.flatMap(({ session, disabled }) => (disabled ? [[session.uuid, disabled.phase]] : [])),
  );
}
