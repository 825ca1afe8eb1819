import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBird } from '../../../../../src/adapters/bird/open-bird.js';
import type { Bird } from '../../../../../src/shell/ports/bird.js';
import { type BirdDaemon, startBirdDaemon } from '../../../../fakes/bird-daemon.js';
import { type WatchedFiles, watchFiles } from '../../../../fakes/watched-files.js';

let configDir: string;
let daemon: BirdDaemon;
let bird: Bird;
let watched: WatchedFiles;

const former = { 'bird.conf': 'operator\n', 'peers/old.conf': '# moenet-agent:node:\nold\n' };
const file = (path: string) =>
  ({ path, content: '# moenet-agent:node:\nnew\n', owner: { kind: 'node' } }) as const;
// As in a plan: what others use does not come first.
const write = [file('bird.conf'), file('peers/new.conf'), file('moenet-agent/policy.conf')];
const commit = (gate?: () => Promise<string | undefined>) =>
  bird.commit(write, ['peers/old.conf'], undefined, gate && { gate });

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'bird-dir-'));
  await mkdir(join(configDir, 'peers'));
  for (const [path, text] of Object.entries(former)) await writeFile(join(configDir, path), text);
  await start();
  watched = watchFiles(configDir);
});

afterEach(async () => {
  watched.end();
  await daemon.close();
  await rm(configDir, { recursive: true });
});

async function start(replies: Readonly<Record<string, string>> = {}): Promise<void> {
  const controlSocket = join(configDir, 'bird.ctl');
  daemon = await startBirdDaemon(controlSocket, { replies });
  bird = openBird({
    configDir,
    controlSocket,
    mode: 'full',
    run: () => Promise.reject(new Error('no program was to be run')),
  });
}

/** A BIRD that has undone the trial by the time that it is to be confirmed. */
async function restartUnconfirming(): Promise<void> {
  await daemon.close();
  await start({ 'configure confirm': '0019 Nothing to do\n' });
}

async function tree(): Promise<Record<string, string>> {
  const entries = await readdir(configDir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((each) => join(each.parentPath, each.name));
  const texts = await Promise.all(
    paths.map(async (path) => [path.slice(configDir.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}

describe('what a power cut must not take away is on the disk', () => {
  /** Goes through the steps; fails where one counts on another that a power cut could still take back. */
  function expectDurable(steps: readonly string[]): void {
    const unsynced = new Set<string>();
    for (const step of steps) {
      const [what = '', path = '', to = path] = step.split(' ');
      if (path.startsWith('.moenet-agent.staged')) continue;
      if (what === 'sync') {
        unsynced.delete(path);
        unsynced.delete(`entries of ${path}`);
      }
      if (what === 'rename') expect(unsynced, step).not.toContain(path);
      if (what === 'write' || what === 'copyFile') unsynced.add(to);
      if (['rename', 'link', 'copyFile', 'unlink'].includes(what)) unsynced.add(`entries of ${dirname(to)}`);
      const isOver = step === 'unlink .moenet-agent.previous/journal.json';
      const last = isOver ? ['entries of .moenet-agent.previous'] : [];
      const isForgotten = step === 'rm .moenet-agent.previous';
      if (what === 'tell' || isOver || isForgotten) expect([step, ...unsynced]).toEqual([step, ...last]);
    }
  }

  it('before BIRD loads a trial, before it is confirmed, and before what it replaced is forgotten', async () => {
    expect(await commit()).toEqual({ kind: 'loaded' });
    expectDurable(watched.steps);
    expect(watched.steps).toEqual(expect.arrayContaining(['tell configure confirm', 'sync peers', 'sync .']));
    const trial = watched.steps.findIndex((step) => step.startsWith('tell configure "'));
    expect(watched.steps.slice(0, trial)).toContain(
      'rename .moenet-agent.previous/.journal.json.*.tmp .moenet-agent.previous/journal.json',
    );
  });

  it('also where nothing is new at the top but a directory', async () => {
    await commit();
    await rmdir(join(configDir, 'ibgp.d'));
    watched.steps.splice(0);
    expect(await bird.commit([file('peers/more.conf')], [])).toEqual({ kind: 'loaded' });
    expect(watched.steps.some((step) => /^rename \S+ ibgp\.d$/.test(step))).toBe(true);
    expectDurable(watched.steps);
  });

  it('also where what is replaced can only be copied', async () => {
    watched.before = (step) => {
      if (step.startsWith('link ')) throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    };
    expect(await commit()).toEqual({ kind: 'loaded' });
    expect(watched.steps).toContain('copyFile bird.conf .moenet-agent.previous/bird.conf');
    expectDurable(watched.steps);
  });

  it('also where the change is taken back', async () => {
    await restartUnconfirming();
    await expect(commit()).rejects.toThrow('did not confirm its new configuration');
    expect(watched.steps).toContain('unlink .moenet-agent.previous/journal.json');
    expectDurable(watched.steps);
  });
});

describe('a change that is taken back', () => {
  const performed = ['moenet-agent/policy.conf', 'bird.conf', 'peers/new.conf', 'peers/old.conf'];
  /** The agent's files that are put in place or away, in order. */
  const targets = (steps: readonly string[]) =>
    steps
      .filter((step) => /^(rename|unlink|rm) /.test(step))
      .map((step) => step.split(' ').at(-1) ?? '')
      .filter((path) => performed.includes(path));
  const halves = () => {
    const at = watched.steps.indexOf('tell configure confirm');
    return [watched.steps.slice(0, at), watched.steps.slice(at + 1)] as const;
  };

  it('is undone in reverse order: files that others use come first and go last', async () => {
    await restartUnconfirming();
    await expect(commit()).rejects.toThrow('did not confirm its new configuration');
    const [there, back] = halves();
    expect(targets(there)).toEqual(performed);
    expect(targets(back)).toEqual(performed.toReversed());
  });

  it('leaves no copy and no directory that it made, and those that were there before', async () => {
    await writeFile(join(configDir, 'bird.conf.orig'), 'of long ago\n');
    const before = await tree();
    await restartUnconfirming();
    await expect(commit()).rejects.toThrow('did not confirm its new configuration');
    expect(watched.steps).toContain('link bird.conf bird.conf.orig.2');
    expect(await tree()).toEqual(before);
    const directories = (await readdir(configDir, { withFileTypes: true })).filter((each) =>
      each.isDirectory(),
    );
    expect(directories.map(({ name }) => name)).toEqual(['peers']);
  });

  it('leaves a directory that it made where somebody else has put a file', async () => {
    await restartUnconfirming();
    watched.before = (step) => {
      if (step !== 'tell configure confirm') return;
      watched.before = () => undefined;
      placed = writeFile(join(configDir, 'ibgp.d/mine.conf'), 'by hand\n');
    };
    let placed: Promise<void> | undefined;
    await expect(commit()).rejects.toThrow('did not confirm its new configuration');
    await placed;
    expect(await tree()).toEqual({ ...former, 'ibgp.d/mine.conf': 'by hand\n' });
  });

  it.each(performed.toReversed())(
    'goes on past a failure at %s: all else is as it was, and the next run does the rest',
    async (path) => {
      const before = await tree();
      await restartUnconfirming();
      let isBack = false;
      watched.before = (step) => {
        isBack ||= step === 'tell configure confirm';
        if (isBack && targets([step]).includes(path)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      };
      await expect(commit()).rejects.toThrow('could not restore all of');
      const left = await tree();
      const differing = Object.keys({ ...left, ...before }).filter((each) => left[each] !== before[each]);
      expect(differing.filter((each) => !each.startsWith('.moenet-agent.'))).toEqual([path]);
      watched.before = () => undefined;
      expect(await bird.recover()).toHaveLength(4);
      await bird.endRecovery();
      expect(await tree()).toEqual(before);
    },
  );
});
