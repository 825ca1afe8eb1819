import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { birdProtocols, type FaultyNode, type ListedSession } from './faulty-node.js';
import { type Picture, pictureOf } from './picture.js';
import { waitFor } from './wait-for.js';

/** What came of a fault, for the table at the end. */
export interface Finding {
  readonly seen: string;
  /** From when the fault began. */
  readonly namedMs: number;
  /** From when it ended, to when a new session runs. */
  readonly recoveredMs: number;
}

declare module 'vitest' {
  interface TaskMeta {
    finding?: Finding;
  }
}

export interface Trial {
  /** How the fault is called in `status`. */
  readonly named: RegExp;
  inject(): Promise<unknown>;
  end(): Promise<unknown>;
  /** In how many different seconds a pass must have ended while the fault lasts. */
  readonly passes?: number;
  readonly limitMs?: number;
  /** True where the fault itself comes and goes while it lasts, and is named each time it begins. */
  readonly flaps?: boolean;
  /** The part of the node that must not change while the fault lasts: all of it, if not said otherwise. */
  readonly unharmed?: (picture: Picture) => Partial<Picture>;
}

/** A session that comes and goes. */
export const newcomer: ListedSession = {
  uuid: 'newcomer-1',
  asn: 4242420500,
  status: 4,
  ipv6LinkLocal: 'fe80::500',
  mtu: 1420,
  interface: 'wg_24100',
  endpoint: '192.0.2.50:51820',
  port: 24_100,
  credential: { publicKey: 'pnM1SvGvdyVuLG3QPUfQpqc8luuzEg6HRbYqyegz3zM=' },
  type: 'wireguard',
  extensions: ['mp-bgp', 'extended-nexthop'],
};

/** Waits until the node has all that the fixtures want, and its first report, which takes a while, is posted. */
export async function untilHealthy(node: FaultyNode): Promise<void> {
  await waitFor('the node is as wanted', async () => {
    const protocols = (await birdProtocols(node.namespace)) ?? [];
    const { lastPass, controlPlane } = await node.status();
    const count = protocols.filter(({ proto }) => proto === 'BGP').length;
    const posts = await readFile(node.path('posts.jsonl'), 'utf8').catch(() => '');
    if (!posts.includes('"call":"report"')) return false;
    return count === 3 && lastPass?.changes === 0 && controlPlane.error === undefined;
  });
}

/**
 * Puts a healthy node through a fault and out of it again. While the fault lasts, the daemon lives, names it in its
 * status and once in its log, and leaves the network alone; after it, a new session comes up and goes without any of
 * the others being touched.
 */
export async function survives(node: FaultyNode, trial: Trial): Promise<Finding> {
  const { named, passes = 3, limitMs = 60_000, unharmed = (picture) => picture, flaps = false } = trial;
  const before = await pictureOf(node);
  const logged = node.log.length;
  const seen = async () => (await problems(node)).find((problem) => named.test(problem));

  await trial.inject();
  let words: string | undefined;
  const namedMs = await waitFor(
    `the status names ${named}, and not only ${(await problems(node)).join('; ')}`,
    async () => {
      words = await seen();
      return words !== undefined;
    },
    limitMs,
  );
  await untilPasses(node, passes, limitMs);
  expect(node.daemon.exitCode ?? node.daemon.signalCode).toBe(null);
  expect(unharmed(await pictureOf(node))).toEqual(unharmed(before));
  expectNamed(node, logged, named, flaps);

  await trial.end();
  const recoveredMs = await servesNewcomer(node, limitMs);
  await waitFor('the fault is no longer named', async () => (await seen()) === undefined, limitMs);
  expect(unharmed(await pictureOf(node))).toEqual(unharmed(before));
  return { seen: words ?? '', namedMs, recoveredMs };
}

/** A session that is new comes up, and goes again. Resolves to how long its coming took, in milliseconds. */
export async function servesNewcomer(node: FaultyNode, limitMs = 60_000): Promise<number> {
  const sessions = await node.sessions();
  await node.setSessions([...sessions, newcomer]);
  const tookMs = await waitFor('the new session runs', () => runs(node, newcomer), limitMs);
  await node.setSessions(sessions);
  await waitFor('the new session is gone', () => isGone(node, newcomer), limitMs);
  // The pass that removed it may not be confirmed yet: a fault that cuts off the control plane now would bring it back.
  await untilPasses(node, 1, limitMs);
  return tookMs;
}

async function problems(node: FaultyNode): Promise<string[]> {
  const { problems, controlPlane } = await node.status();
  return [...problems, ...(controlPlane.error === undefined ? [] : [controlPlane.error])];
}

/** Waits until passes have ended in more than so many different seconds. */
export async function untilPasses(node: FaultyNode, passes: number, limitMs: number): Promise<void> {
  const ended = new Set<number>();
  await waitFor(
    `${passes + 1} passes ended`,
    async () => {
      const { lastPass } = await node.status();
      if (lastPass) ended.add(lastPass.atSeconds);
      return ended.size > passes;
    },
    limitMs,
  );
}

/** Each call may name the fault, but none does so every round. */
function expectNamed(node: FaultyNode, logged: number, named: RegExp, flaps: boolean): void {
  const warnings = node.log.slice(logged).filter(({ level }) => level !== 'info');
  const words = warnings.map(({ msg }) => msg);
  expect(words.filter((msg) => named.test(msg))).not.toEqual([]);
  if (!flaps) expect(words).toEqual([...new Set(words)]);
}

/** Whether a session has its tunnel and its protocol. */
export async function runs(node: FaultyNode, session: ListedSession): Promise<boolean> {
  return (await partsOf(node, session)).every(Boolean);
}

/** Whether nothing of a session is there. */
export async function isGone(node: FaultyNode, session: ListedSession): Promise<boolean> {
  return !(await partsOf(node, session)).some(Boolean);
}

/** Whether the session's tunnel is there, and its protocol. */
async function partsOf({ namespace }: FaultyNode, session: ListedSession): Promise<[boolean, boolean]> {
  const { stdout } = await namespace.run('wg', ['show', 'interfaces']);
  const protocols = (await birdProtocols(namespace)) ?? [];
  return [
    stdout.split(/\s+/).includes(String(session['interface'])),
    protocols.some(({ name }) => name === `dn42_${session['asn']}`),
  ];
}
