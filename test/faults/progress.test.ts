import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { askIfRunning } from '../../src/http/client.js';
import type { NodeStatus } from '../../src/shell/status/status.js';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { pictureOf } from './harness/picture.js';
import { openStallingNode, release, stall } from './harness/stalled-disk.js';
import { newcomer, servesNewcomer, survives, untilHealthy } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

/** A node whose passes are minutes apart, and which is as wanted. */
async function openQuietNode(name: string): Promise<FaultyNode> {
  const intervals = { sessions: 600, report: 3600, mesh: 600, birdConfig: 600, heartbeat: 3 };
  const node = await openFaultyNode(name, 600, { config: { intervals } });
  await waitFor('the first pass', async () => (await node.status()).lastPass !== undefined);
  await askIfRunning(node.path('run'), 'resync', { force: false });
  await untilHealthy(node);
  return node;
}

type Open = (below: string, what?: 'writes' | 'reads') => Promise<FaultyNode>;

const it = test.extend<{ readonly quiet: FaultyNode; readonly open: Open }>({
  quiet: async ({ task: _ }, use) => {
    const node = await openQuietNode('jp1');
    await use(node);
    await node.close();
  },
  open: async ({ task: _ }, use) => {
    const nodes: FaultyNode[] = [];
    await use(async (below, what) => {
      const node = await openStallingNode('jp1', below, {}, what);
      nodes.push(node);
      await node.startDaemon();
      await untilHealthy(node);
      return node;
    });
    for (const node of nodes) await node.close();
  },
});

async function untilStatus(node: FaultyNode, what: string, holds: (status: NodeStatus) => boolean) {
  return waitFor(what, async () => holds(await node.status()));
}

describe.concurrent('progress', () => {
  it('state directory that does not answer', async ({ open, task }) => {
    const node = await open('state');
    task.meta.finding = await survives(node, {
      named: /state cannot be written \(a write did not end within/,
      inject: async () => {
        await stall(node);
        await node.setSessions([...(await node.sessions()), newcomer]);
      },
      end: async () => {
        await release(node);
        const sessions = await node.sessions();
        await node.setSessions(sessions.filter(({ uuid }) => uuid !== newcomer.uuid));
      },
      unharmed: () => ({}),
    });
  });

  it('state directory that does not answer at the start', async ({ open, task }) => {
    const node = await open('state', 'reads');
    const before = await pictureOf(node);
    await end(node.daemon);
    await stall(node);
    const logged = node.log.length;
    const startedMs = Date.now();
    await node.startDaemon();
    await once(node.daemon, 'exit');
    const namedMs = Date.now() - startedMs;
    // systemd starts it again, whichever of the two it is.
    expect(node.daemon.exitCode ?? node.daemon.signalCode).not.toBe(0);
    const line = node.log.slice(logged).find(({ msg }) => /state does not answer/.test(msg));
    expect(line?.msg).toMatch(/the agent could not read \S+\.json within 10 s.*Look at its disk/);
    expect(await pictureOf(node)).toEqual(before);
    await release(node);
    const releasedMs = Date.now();
    await node.startDaemon();
    await untilHealthy(node);
    const recoveredMs = Date.now() - releasedMs;
    expect(await pictureOf(node)).toEqual(before);
    await servesNewcomer(node);
    task.meta.finding = { seen: line?.msg ?? '', namedMs, recoveredMs };
  });

  it("SIGTERM twice while a change of BIRD's files hangs", async ({ open, task }) => {
    const node = await open('bird');
    await stall(node);
    await node.setSessions([...(await node.sessions()), newcomer]);
    const namedMs = await untilStatus(node, 'a pass has run for 5 s', ({ pass }) => {
      return (pass.runningSeconds ?? 0) >= 5;
    });
    const startedMs = Date.now();
    const exited = once(node.daemon, 'exit');
    node.daemon.kill('SIGTERM');
    await waitFor('it is heard', async () => node.log.some(({ msg }) => msg.includes('SIGTERM: stopping')));
    node.daemon.kill('SIGTERM');
    await exited;
    const recoveredMs = Date.now() - startedMs;
    expect(recoveredMs).toBeLessThan(30_000);
    await release(node);
    await node.startDaemon();
    await untilStatus(node, 'the next run has done the rest', ({ sessions, lastPass }) => {
      return lastPass?.changes === 0 && sessions.some(({ uuid }) => uuid === newcomer.uuid);
    });
    task.meta.finding = { seen: 'it ends, and the next run does the rest', namedMs, recoveredMs };
  });

  it('BIRD killed, between passes that are minutes apart', async ({ quiet, task }) => {
    const before = await quiet.status();
    await end(quiet.bird);
    const namedMs = await untilStatus(quiet, 'the status tells', ({ bird }) => !bird.running);
    expect(namedMs).toBeLessThan(10_000);
    const stopped = await quiet.status();
    expect(stopped.health).toBe('degraded');
    await quiet.startBird();
    const recoveredMs = await untilStatus(quiet, 'BIRD has its sessions', ({ bird, lastPass }) => {
      return bird.running && (lastPass?.atSeconds ?? 0) > (before.lastPass?.atSeconds ?? 0);
    });
    expect(recoveredMs).toBeLessThan(15_000);
    task.meta.finding = { seen: stopped.bird.reason ?? '', namedMs, recoveredMs };
  });

  it('a tunnel deleted, between passes that are minutes apart', async ({ quiet, task }) => {
    const links = async () => (await quiet.namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/);
    await quiet.namespace.run('ip', ['link', 'del', 'dev', 'wg_24002']);
    const recoveredMs = await waitFor('it is made again', async () => (await links()).includes('wg_24002'));
    expect(recoveredMs).toBeLessThan(15_000);
    task.meta.finding = { seen: 'its tunnel is made anew', namedMs: recoveredMs, recoveredMs };
  });

  it('forwarding switched off, between passes that are minutes apart', async ({ quiet, task }) => {
    const { lastPass } = await quiet.status();
    const set = (value: number) =>
      quiet.namespace.run('sysctl', ['-q', '-w', `net.ipv4.ip_forward=${value}`]);
    const named = (problems: readonly string[]) =>
      problems.find((each) => each.startsWith('IPv4 forwarding is off'));
    let seen: string | undefined;
    await set(0);
    const namedMs = await untilStatus(quiet, 'the status tells', ({ problems }) => {
      seen = named(problems);
      return seen !== undefined;
    });
    expect(namedMs).toBeLessThan(10_000);
    await waitFor('a heartbeat tells', async () => {
      const posts = (await readFile(quiet.path('posts.jsonl'), 'utf8')).trim().split('\n');
      return posts.map((line) => JSON.parse(line)).some((post) => named(post.body.problems ?? []) === seen);
    });
    await set(1);
    const recoveredMs = await untilStatus(
      quiet,
      'it is over',
      ({ problems }) => named(problems) === undefined,
    );
    expect(recoveredMs).toBeLessThan(10_000);
    expect((await quiet.status()).lastPass?.atSeconds).toBe(lastPass?.atSeconds);
    task.meta.finding = { seen: seen ?? '', namedMs, recoveredMs };
  });

  it('a wrong MTU, between passes that are minutes apart', async ({ quiet, task }) => {
    const mtu = async () =>
      JSON.parse((await quiet.namespace.run('ip', ['-j', 'link', 'show', 'wg_24001'])).stdout)[0].mtu;
    const right = await mtu();
    await quiet.namespace.run('ip', ['link', 'set', 'dev', 'wg_24001', 'mtu', '1280']);
    const recoveredMs = await waitFor('it is right again', async () => (await mtu()) === right);
    expect(recoveredMs).toBeLessThan(15_000);
    const seen = quiet.log.map(({ msg }) => msg).find((msg) => msg.includes(`from ${right} to 1280`));
    task.meta.finding = { seen: seen ?? '', namedMs: recoveredMs, recoveredMs };
  });
});
