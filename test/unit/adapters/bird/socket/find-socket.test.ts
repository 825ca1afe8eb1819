import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBird } from '../../../../../src/adapters/bird/open-bird.js';
import { openSocketFinder, type SocketFinder } from '../../../../../src/adapters/bird/socket/find-socket.js';
import { run } from '../../../../../src/platform/exec.js';
import { type BirdDaemon, startBirdDaemon } from '../../../../fakes/bird-daemon.js';

let directory: string;
let named: string;
let usual: string[];
let finder: SocketFinder;
const daemons: BirdDaemon[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bird-find-'));
  named = join(directory, 'run/bird.ctl');
  usual = ['one.ctl', 'two.ctl', 'same.ctl'].map((name) => join(directory, name));
  await symlink(usual[0] ?? '', usual[2] ?? '');
  finder = openSocketFinder({ controlSocket: named }, usual);
});

afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
  await rm(directory, { recursive: true });
});

async function start(path: string | undefined): Promise<void> {
  daemons.push(await startBirdDaemon(path ?? ''));
}

describe('a control socket that is not where it was named', () => {
  it('is the one of the usual places where a BIRD answers, and the agent says so', async () => {
    await start(usual[0]);
    await expect(finder.find()).resolves.toBe(usual[0]);
    expect(finder.note).toBe(
      `bird.controlSocket: there is no socket at ${named}; a BIRD answers at ${usual[0]}, and the agent uses that one. Set bird.controlSocket in the configuration file to choose another`,
    );
  });

  it('is found when that BIRD starts later, and left when the named one is there', async () => {
    await expect(finder.find()).resolves.toBe(named);
    expect(finder.note).toBeUndefined();
    await start(usual[1]);
    await expect(finder.find()).resolves.toBe(usual[1]);
    await mkdir(join(directory, 'run'));
    await start(named);
    await expect(finder.find()).resolves.toBe(named);
    expect(finder.note).toBeUndefined();
  });

  it('is not guessed where two answer', async () => {
    await start(usual[0]);
    await start(usual[1]);
    await expect(finder.find()).resolves.toBe(named);
  });

  it('is not where nobody answers', async () => {
    await writeFile(usual[0] ?? '', '');
    await expect(finder.find()).resolves.toBe(named);
  });

  it('is not looked for where there is a socket at the named path, though nobody answers there', async () => {
    await mkdir(join(directory, 'run'));
    await writeFile(named, '');
    await start(usual[0]);
    await expect(finder.find()).resolves.toBe(named);
  });
});

it('BIRD is observed at the socket that was found; without one, errors name the configured socket', async () => {
  const { find: findSocket } = finder;
  const bird = openBird({ configDir: directory, controlSocket: named, mode: 'full', run, findSocket });
  await expect(bird.observe()).resolves.toMatchObject({
    running: false,
    reason: `BIRD does not answer on ${named}: no such file (is bird running?)`,
  });
  await start(usual[0]);
  await expect(bird.observe()).resolves.toMatchObject({ running: true });
});
