import { once } from 'node:events';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askIfRunning } from '../../src/http/client.js';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

/** For the daemon, time is what the test says: a minute takes as long as two passes. */
const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openFaultyNode('jp1', 1, {
      daemon: false,
      config: { intervals: { sessions: 1, report: 1, look: 0.5, mesh: 3, birdConfig: 3, heartbeat: 3 } },
      daemonEnv: (directory) => ({
        NODE_OPTIONS: `--import=${resolve('test/faults/harness/shifted-clock.mjs')}`,
        CLOCK_SHIFT: `${directory}/clock-shift`,
        TIME_PASSES: 'yes',
      }),
    });
    await use(node);
    await node.close();
  },
});

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** A clock that begins at a quarter of an hour, and goes from minute to minute. */
function openClock(node: FaultyNode) {
  let shiftMs = quarterMs - (Date.now() % quarterMs) + 1_000;
  const set = () => node.setClockShift(shiftMs);
  return {
    set,
    /** Makes so many minutes, each with pings. */
    live: async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await untilPings(node);
        // To the next minute, however long that took.
        shiftMs += minuteMs - ((Date.now() + shiftMs) % minuteMs) + 500;
        await set();
      }
    },
    nowMs: () => Date.now() + shiftMs,
  };
}

/** Waits for two reports: the pings of the second were sent after the call. */
async function untilPings(node: FaultyNode): Promise<void> {
  const reports = async () =>
    (await readFile(node.path('posts.jsonl'), 'utf8')).split('"call":"report"').length;
  const before = await reports();
  await waitFor('two more reports', async () => (await reports()) >= before + 2);
}

/** Unix minutes in which the pings of a session are known. */
async function minutesOf(node: FaultyNode): Promise<readonly number[]> {
  const answer = await askIfRunning(node.path('run'), 'history', { session: 'wg_24001', hours: 2 });
  if (!answer) throw new Error('the daemon does not answer');
  const { step, from, series } = answer;
  return series.loss.flatMap((loss, at) => (loss === null ? [] : [from / step + at]));
}

const historyWords = (node: FaultyNode) =>
  node.log.map(({ msg }) => msg).filter((msg) => msg.includes('history'));

describe.concurrent('history', () => {
  it('a stop and a kill of the agent', async ({ node, task }) => {
    const clock = openClock(node);
    await clock.set();
    await node.startDaemon();
    await untilHealthy(node);
    await clock.live(4);
    const first = await minutesOf(node);
    expect(first.length).toBeGreaterThanOrEqual(3);
    node.daemon.kill('SIGTERM');
    await once(node.daemon, 'exit');
    expect((await stat(node.path('state/history/minutes-1'))).mode & 0o777).toBe(0o600);
    const startedMs = Date.now();
    await node.startDaemon();
    await untilPasses(node, 1, 30_000);
    expect(await minutesOf(node)).toEqual(expect.arrayContaining([...first]));
    const recoveredMs = Date.now() - startedMs;
    // Beyond the next quarter of an hour, and some minutes more.
    await clock.live(16);
    const second = await minutesOf(node);
    const killedAt = Math.floor(clock.nowMs() / minuteMs);
    await end(node.daemon);
    await node.startDaemon();
    await untilPasses(node, 1, 30_000);
    const known = new Set(await minutesOf(node));
    const lost = second.filter((minute) => !known.has(minute));
    expect(lost.filter((minute) => minute < killedAt - 15)).toEqual([]);
    expect(second.length - lost.length).toBeGreaterThanOrEqual(first.length + 8);
    expect((await node.status()).history).toMatchObject({ writes: 0 });
    expect(historyWords(node)).toEqual([]);
    task.meta.finding = { seen: `${lost.length} minutes are lost`, namedMs: 0, recoveredMs };
  });

  it('a full disk', async ({ node, task }) => {
    const clock = openClock(node);
    await clock.set();
    await mkdir(node.path('state'));
    await node.namespace.run('mount', [
      '-t',
      'tmpfs',
      '-o',
      'size=512k,mode=700',
      'tmpfs',
      node.path('state'),
    ]);
    await node.startDaemon();
    await untilHealthy(node);
    const fill = ['if=/dev/zero', `of=${node.path('state/filler')}`, 'bs=4096'];
    await node.namespace.run('dd', fill, { okExitCodes: [1] });
    const beganMs = Date.now();
    await clock.live(16);
    await waitFor('the log names it', async () => historyWords(node).length > 0);
    const namedMs = Date.now() - beganMs;
    const seen = historyWords(node).join(' ');
    expect(seen).toMatch(
      /^history: \S+\/history cannot be written \(ENOSPC: no space left on device\): the history gets a gap, all else goes on$/,
    );
    const kept = await minutesOf(node);
    await node.namespace.run('rm', [node.path('state/filler')]);
    await clock.live(16);
    await waitFor('the log says that it is over', async () => historyWords(node).length === 2);
    await untilHealthy(node);
    await end(node.daemon);
    await node.startDaemon();
    await untilPasses(node, 1, 30_000);
    // What waited in memory was stored when there was room.
    expect(await minutesOf(node)).toEqual(expect.arrayContaining([...kept]));
    task.meta.finding = { seen, namedMs, recoveredMs: 0 };
  });

  it('files that are damaged, and no files', async ({ node, task }) => {
    await mkdir(node.path('state/history'), { recursive: true });
    await writeFile(node.path('state/history/minutes-1'), 'a letter to my aunt');
    await writeFile(node.path('state/history/quarters-7'), new Uint8Array(5000));
    const clock = openClock(node);
    await clock.set();
    await node.startDaemon();
    await untilHealthy(node);
    await clock.live(2);
    expect((await minutesOf(node)).length).toBeGreaterThan(0);
    const seen = [...historyWords(node)].sort();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toContain('history/minutes-1 cannot be used: it is damaged');
    await rm(node.path('state/history'), { recursive: true });
    await clock.live(15);
    await waitFor('it is written again', async () => (await stat(node.path('state/history'))).isDirectory());
    expect(historyWords(node)).toHaveLength(2);
    task.meta.finding = { seen: seen.join('; '), namedMs: 0, recoveredMs: 0 };
  });
});
