import { once } from 'node:events';
import { cp, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BirdTime } from '../bird-times.js';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { type Neighbor, openNeighbor, openStream } from './harness/neighbor.js';
import { type Picture, pictureOf } from './harness/picture.js';
import { untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

const count = 2;

let node: FaultyNode;
let neighbors: Neighbor[];
beforeAll(async () => {
  node = await openFaultyNode('upgrade', 1, { daemon: false });
  neighbors = await Promise.all(Array.from({ length: count }, (_, index) => openNeighbor(node, index + 1)));
  await node.setSessions([...(await node.sessions()), ...neighbors.map(({ session }) => session)]);
  await node.startDaemon();
  await waitFor('the node has tunnels to them', hasTunnels);
  const key = (await readFile(node.path('keys/public.key'), 'utf8')).trim();
  await Promise.all(neighbors.map(({ connect }) => connect(key)));
  // Sessions are Established while BIRD's configuration is still on trial, and its files are the former ones.
  await untilPasses(node, 1, 60_000);
}, 180_000);
afterAll(async () => {
  await Promise.all((neighbors ?? []).map(({ close }) => close()));
  await node?.close();
});

async function hasTunnels(): Promise<boolean> {
  const { stdout } = await node.namespace.run('wg', ['show', 'all', 'dump']);
  return neighbors.every(({ session }) => stdout.includes(`${session['endpoint']}`));
}

/** How the daemon goes, and from which build it comes again. */
const restarts: readonly (readonly [string, () => Promise<void>, string | undefined])[] = [
  ['restarted', stop, undefined],
  ['killed and started again', () => end(node.daemon), undefined],
  ['upgraded', upgrade, 'newer/dist'],
];

describe('agent among neighbors, 50 packets a second to each', () => {
  it.for(restarts)('%s', async ([, goAway, build], { task }) => {
    const before = await picture();
    const streams = neighbors.map(openStream);
    const logged = node.log.length;
    const startedMs = Date.now();
    await goAway();
    await node.startDaemon(build);
    const recoveredMs = Date.now() - startedMs;
    await untilPasses(node, 2, 60_000);
    const sent = await Promise.all(streams.map((stream) => stream.stop()));
    expect(sent.flatMap(({ lost }) => lost)).toEqual([]);
    for (const { answered } of sent) expect(answered).toBeGreaterThan(50);
    expect(await picture()).toEqual(before);
    expect(node.log.slice(logged).filter(({ level }) => level === 'error')).toEqual([]);
    const total = sent.reduce((sum, { answered }) => sum + answered, 0);
    task.meta.finding = {
      seen: `${total} of ${total} packets answered, no session flapped`,
      namedMs: 0,
      recoveredMs,
    };
  });
});

/** The node, and since when its neighbors have their sessions. */
async function picture(): Promise<Picture & { readonly since: readonly BirdTime[] }> {
  const since = await Promise.all(
    neighbors.map(async (neighbor) => new BirdTime((await neighbor.since()) ?? 'not Established')),
  );
  const { files, ...rest } = await pictureOf(node);
  return { ...rest, files: withoutTiers(files), since };
}

/** How far away a neighbor is found to be depends on what else the machine has to do. */
function withoutTiers(files: Picture['files']): Picture['files'] {
  const entries = Object.entries(files).map(([name, text]) => [
    name,
    text.replace(/MOENET_TIER_\w+/g, 'TIER').replace(/^# Checksum .*$/m, '# Checksum'),
  ]);
  return Object.fromEntries(entries);
}

async function stop(): Promise<void> {
  node.daemon.kill('SIGTERM');
  if (node.daemon.exitCode === null) await once(node.daemon, 'exit');
  expect(node.daemon.exitCode).toBe(0);
}

/** Another copy of the agent, as a package manager puts it in place while the old one runs. */
async function upgrade(): Promise<void> {
  for (const part of ['dist', 'templates', 'package.json']) {
    await cp(part, node.path(`newer/${part}`), { recursive: true });
  }
  await stop();
}
