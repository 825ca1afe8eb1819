import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, type FaultyNode, type ListedSession, openFaultyNode } from './harness/faulty-node.js';
import { type Neighbor, openNeighbor } from './harness/neighbor.js';
import { isGone, newcomer, runs, untilHealthy } from './harness/trial.js';
import { controlPlane, layUplink } from './harness/uplink.js';
import { waitFor } from './harness/wait-for.js';

const isControlPlane = /10\.99\.0\.1 is (the control plane|in the network of uplink \(10\.99\.0\.0\/24\))/;

let node: FaultyNode;
let neighbor: Neighbor;
/** As the control plane lists it while all is well. */
let good: readonly ListedSession[];

beforeAll(async () => {
  node = await openFaultyNode('claims', 1, { elsewhere: layUplink });
  neighbor = await openNeighbor(node, 1);
  await untilHealthy(node);
  good = [...(await node.sessions()), neighbor.session];
  await node.setSessions(good);
  await waitFor('the neighbor has its tunnel', () => runs(node, neighbor.session));
  await neighbor.connect((await readFile(node.path('keys/public.key'), 'utf8')).trim());
}, 120_000);
afterAll(async () => {
  await neighbor?.close();
  await node?.close();
});

/** What the control plane was told of a session last. */
async function lastTold(uuid: string): Promise<string> {
  const posts = (await readFile(node.path('posts.jsonl'), 'utf8')).split('\n').filter(Boolean);
  const bodies = posts.map((line) => JSON.parse(line)).filter(({ call }) => call === 'modify');
  return JSON.stringify(bodies.findLast(({ body }) => body.uuid === uuid)?.body ?? null);
}

async function isHeard(): Promise<void> {
  const asked = async () => (await readFile(node.path('requests.log'), 'utf8')).split('\n').length;
  const before = await asked();
  await waitFor('the control plane is asked again', async () => (await asked()) > before + 3);
}

async function addresses(): Promise<string> {
  return (await node.namespace.run('ip', ['-o', 'addr'])).stdout;
}

async function wayToControlPlane(): Promise<string | undefined> {
  const { stdout } = await node.namespace.run('ip', ['route', 'get', controlPlane]);
  return / dev (\S+)/.exec(stdout)?.[1];
}

/** The neighbor takes what comes for the control plane's address: how many connections were made. */
async function openImpostor() {
  await neighbor.host.run('ip', ['addr', 'replace', `${controlPlane}/32`, 'dev', 'wg0']);
  const script = `let count = 0;
    require('net').createServer((socket) => socket.on('data', () => console.log(++count)))
      .listen(18443, '${controlPlane}', () => console.log('listening'))`;
  const child = neighbor.host.spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await waitFor('the impostor listens', async () => text.includes('listening'));
  return { heard: () => text.replace('listening\n', ''), close: () => end(child) };
}

const told = (uuid: string, pattern: RegExp) =>
  waitFor(`the control plane is told ${pattern}`, async () => pattern.test(await lastTold(uuid)));

describe("a neighbor whose address is the control plane's", () => {
  it('by an edit of a session that runs: it is refused, what runs stays, and no token goes there', async ({
    task,
  }) => {
    const impostor = await openImpostor();
    try {
      const hostile = { ...neighbor.session, ipv4: controlPlane };
      await node.setSessions(good.map((each) => (each === neighbor.session ? hostile : each)));
      const namedMs = await told(neighbor.session.uuid, isControlPlane);
      await isHeard();
      expect(await addresses()).not.toContain(controlPlane);
      expect(await wayToControlPlane()).toBe('uplink');
      expect(await neighbor.since()).toBeDefined();
      expect(impostor.heard()).toBe('');
      await node.setSessions(good);
      const recoveredMs = await told(neighbor.session.uuid, /"status":1/);
      task.meta.finding = { seen: 'refused; the control plane was heard all the time', namedMs, recoveredMs };
    } finally {
      await impostor.close();
    }
  });

  it('as a new session: nothing of it is made, nor when it is queued for delete', async () => {
    const claim = { ...newcomer, ipv4: controlPlane };
    await node.setSessions([...good, claim]);
    await told(newcomer.uuid, isControlPlane);
    expect(await isGone(node, newcomer)).toBe(true);
    await node.setSessions([...good, { ...claim, status: 5 }]);
    await waitFor('it is told as deleted', async () => /"status":0/.test(await lastTold(newcomer.uuid)));
    expect(await addresses()).not.toContain(controlPlane);
    await node.setSessions(good);
  });

  it('on a tunnel since before the agent knew better: it goes, though the control plane cannot be heard', async ({
    task,
  }) => {
    const impostor = await openImpostor();
    const name = String(neighbor.session['interface']);
    try {
      const loopback = '172.22.188.1';
      await node.namespace.run('ip', ['addr', 'add', loopback, 'peer', controlPlane, 'dev', name]);
      const recoveredMs = await waitFor(
        'the way to the control plane is the uplink',
        async () => (await wayToControlPlane()) === 'uplink',
      );
      await isHeard();
      expect(await addresses()).not.toContain(controlPlane);
      // The session itself is well, and goes on.
      await waitFor('the session is Established', async () => (await neighbor.since()) !== undefined);
      task.meta.finding = { seen: 'the address was removed', namedMs: recoveredMs, recoveredMs };
    } finally {
      await impostor.close();
    }
  });

  it('on the tunnel of a session that is refused: the tunnel goes with it, and the session is back when its row is good', async () => {
    const hostile = { ...neighbor.session, ipv4: controlPlane };
    await node.setSessions(good.map((each) => (each === neighbor.session ? hostile : each)));
    await told(neighbor.session.uuid, isControlPlane);
    const name = String(neighbor.session['interface']);
    await node.namespace.run('ip', ['addr', 'add', '172.22.188.1', 'peer', controlPlane, 'dev', name]);
    await waitFor('nothing of it is there', () => isGone(node, neighbor.session));
    expect(await wayToControlPlane()).toBe('uplink');
    await isHeard();
    expect(await lastTold(neighbor.session.uuid)).toMatch(isControlPlane);
    await node.setSessions(good);
    await waitFor('the session is back', () => runs(node, neighbor.session));
    await waitFor('it is Established', async () => (await neighbor.since()) !== undefined);
  });
});

it('a port that another program has', async ({ task }) => {
  const port = Number(newcomer['port']);
  const script = `require('dgram').createSocket('udp4').bind(${port}, () => console.log('bound'))`;
  const program = node.spawn('node', ['-e', script]);
  await once(program.stdout ?? program, 'data');
  await node.setSessions([...good, newcomer]);
  const seen = `port: ${port} is already used by node (pid ${program.pid})`;
  const namedMs = await waitFor('the holder is named', async () =>
    (await lastTold(newcomer.uuid)).includes(seen),
  );
  expect(await isGone(node, newcomer)).toBe(true);
  expect(program.exitCode ?? program.signalCode).toBe(null);
  await end(program);
  const recoveredMs = await waitFor('the session is set up', () => runs(node, newcomer));
  await node.setSessions(good);
  task.meta.finding = { seen, namedMs, recoveredMs };
});
