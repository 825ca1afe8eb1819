import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLinkListeners, parseListeners } from '../../../../src/adapters/iproute2/link-listeners.js';

const head = 'sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode';
const row = (pid: number, unread: number, inode: number, groups = '00000111', protocol = 0) =>
  `0000000027f280d9 ${protocol}   ${pid}       ${groups} ${unread}    0        0     2        26       ${inode}`;

/** A kernel's list of sockets, and the processes 10 and 11. */
async function kernel(rows: readonly string[], patienceMs: number) {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-netlink-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const pid of ['10', '11']) {
    await mkdir(join(directory, pid));
    await writeFile(join(directory, pid, 'comm'), 'wireguard-go\n');
  }
  const table = join(directory, 'netlink');
  // At once, as the kernel's: nobody reads half of it.
  const write = async (now: readonly string[]) => {
    await writeFile(`${table}.new`, [head, ...now, ''].join('\n'));
    await rename(`${table}.new`, table);
  };
  await write(rows);
  return { write, listeners: openLinkListeners({ table, processes: directory, patienceMs }) };
}

it('reads those that the kernel tells of links', () => {
  const table = [head, row(10, 800, 1), row(11, 0, 2, '00000040'), row(12, 0, 3, '00000001', 15)].join('\n');
  expect(parseListeners(table)).toEqual([{ pid: '10', unreadBytes: 800, inode: '1' }]);
});

it('waits until all have read most of it', async () => {
  const { write, listeners } = await kernel([row(10, 200_000, 1), row(11, 0, 2)], 60_000);
  let isDone = false;
  const settled = listeners.settle().then((count) => {
    isDone = true;
    return count;
  });
  await write([row(10, 150_000, 1), row(11, 0, 2)]);
  expect(isDone).toBe(false);
  await write([row(10, 0, 1), row(11, 0, 2)]);
  expect(await settled).toBe(2);
});

it('waits for no socket of a process that has ended, which nobody reads', async () => {
  const { listeners } = await kernel([row(9, 212_992, 1)], 60_000);
  expect(await listeners.settle()).toBe(1);
});

it('waits once for one that reads nothing, and again after it has caught up', async () => {
  const { write, listeners } = await kernel([row(10, 212_992, 1), row(11, 0, 2)], 60);
  const timed = async () => {
    const startedMs = performance.now();
    await listeners.settle();
    return performance.now() - startedMs >= 60;
  };
  expect(await timed()).toBe(true);
  expect(await timed()).toBe(false);
  await write([row(10, 0, 1), row(11, 0, 2)]);
  expect(await timed()).toBe(false);
  await write([row(10, 212_992, 1), row(11, 0, 2)]);
  expect(await timed()).toBe(true);
});

it('waits for nobody where the kernel shows no list', async () => {
  expect(await openLinkListeners({ table: '/nonexistent' }).settle()).toBe(0);
});
